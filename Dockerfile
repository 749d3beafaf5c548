# One image for every process of Tributary; docker-compose.yml says which file a container runs.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /tributary
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /tributary
COPY --from=dependencies /tributary/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY supergraph ./supergraph
COPY subgraphs ./subgraphs
COPY bff-web ./bff-web
COPY bff-mobile ./bff-mobile
# A volume that is put there belongs to whom it belonged.
RUN install -d -o node -g node /var/cache/tributary
USER node
CMD ["node", "--import", "tsx", "bff-web/main.ts"]
