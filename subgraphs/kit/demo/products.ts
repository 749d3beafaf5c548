// Owns the demo assortment every domain's seed agrees on: categories, products, prices and weights.
import { chanceOf } from './random.ts';
import { daysBefore, demoEnd } from './time.ts';

export interface DemoCategory {
  id: string;
  slug: string;
  name: string;
  /** Null at the top of the tree. */
  parentId: string | null;
}

export interface DemoProduct {
  id: string;
  sku: string;
  name: string;
  brand: string;
  noun: string;
  categoryId: string;
  /** In cents. */
  price: number;
  weightGrams: number;
  addedAt: Date;
}

export const demoProductCount = 1000;
export const demoCurrency = 'EUR';

interface Shelf {
  name: string;
  nouns: string[];
  /** In whole euros, least and most. */
  euros: [number, number];
  /** Least and most. */
  grams: [number, number];
}

const shelf = (name: string, nouns: string, euros: [number, number], grams: [number, number]): Shelf => ({
  name,
  nouns: nouns.split(', '),
  euros,
  grams,
});

const tree: Record<string, Shelf[]> = {
  'Home & Kitchen': [
    shelf('Cookware', 'Frying Pan, Saucepan, Casserole, Wok', [19, 160], [700, 4200]),
    shelf('Tableware', 'Dinner Plate, Bowl, Serving Dish, Mug', [6, 60], [200, 1500]),
    shelf('Small Appliances', 'Kettle, Toaster, Hand Blender, Coffee Grinder', [25, 220], [800, 4500]),
    shelf('Kitchen Tools', 'Whisk, Chef Knife, Cutting Board, Colander', [5, 120], [80, 1800]),
  ],
  Furniture: [
    shelf('Chairs', 'Armchair, Dining Chair, Stool, Rocking Chair', [49, 690], [3000, 18000]),
    shelf('Tables', 'Coffee Table, Dining Table, Side Table, Desk', [59, 900], [5000, 38000]),
    shelf('Shelving', 'Bookcase, Wall Shelf, Cabinet, Coat Rack', [29, 480], [2000, 30000]),
    shelf('Lighting', 'Floor Lamp, Pendant Lamp, Table Lamp, Reading Light', [19, 320], [600, 6000]),
  ],
  Outdoor: [
    shelf('Tents', 'Two-Person Tent, Family Tent, Tarp, Bivouac Bag', [49, 620], [700, 9000]),
    shelf('Backpacks', 'Daypack, Trekking Backpack, Duffel Bag, Dry Bag', [25, 280], [300, 2600]),
    shelf('Sleeping Gear', 'Sleeping Bag, Sleeping Mat, Hammock, Pillow', [15, 390], [150, 2400]),
    shelf('Camp Kitchen', 'Gas Stove, Cook Set, Water Filter, Vacuum Flask', [12, 180], [90, 1500]),
  ],
  Sports: [
    shelf('Cycling', 'Bicycle Helmet, Bike Light, Repair Kit, Pannier', [9, 190], [100, 1600]),
    shelf('Running', 'Running Shoes, Running Vest, Headlamp, Running Belt', [15, 180], [60, 900]),
    shelf('Yoga', 'Yoga Mat, Yoga Block, Meditation Cushion, Stretch Strap', [8, 110], [150, 2500]),
    shelf('Climbing', 'Climbing Harness, Chalk Bag, Climbing Rope, Carabiner', [9, 240], [40, 4200]),
  ],
  Electronics: [
    shelf('Headphones', 'Headphones, Earbuds, Headset, Studio Headphones', [19, 380], [30, 500]),
    shelf(
      'Keyboards',
      'Mechanical Keyboard, Compact Keyboard, Numeric Pad, Wrist Rest',
      [15, 220],
      [200, 1400],
    ),
    shelf('Monitors', 'Monitor, Portable Monitor, Ultrawide Monitor, Monitor Arm', [39, 980], [900, 9500]),
    shelf('Chargers', 'Travel Charger, Power Bank, Charging Pad, Solar Panel', [12, 190], [60, 1200]),
  ],
  Stationery: [
    shelf('Notebooks', 'Notebook, Sketchbook, Pocket Journal, Field Notes', [4, 45], [60, 700]),
    shelf('Pens', 'Fountain Pen, Gel Pen Set, Mechanical Pencil, Brush Pen', [3, 180], [15, 250]),
    shelf('Planners', 'Weekly Planner, Wall Calendar, Desk Planner, Habit Journal', [8, 60], [120, 900]),
    shelf(
      'Paper Craft',
      'Origami Paper, Bookbinding Kit, Watercolour Block, Paper Trimmer',
      [6, 90],
      [100, 2200],
    ),
  ],
  Garden: [
    shelf('Seeds', 'Herb Seed Set, Tomato Seeds, Wildflower Mix, Salad Seed Set', [2, 30], [10, 250]),
    shelf('Garden Tools', 'Pruning Shears, Hand Trowel, Spade, Rake', [9, 110], [150, 2600]),
    shelf('Planters', 'Terracotta Pot, Raised Bed, Hanging Planter, Window Box', [7, 260], [400, 19000]),
    shelf('Watering', 'Watering Can, Garden Hose, Rain Gauge, Drip Kit', [6, 130], [80, 4800]),
  ],
  Clothing: [
    shelf('Jackets', 'Rain Jacket, Down Jacket, Fleece Jacket, Wind Vest', [39, 420], [180, 1400]),
    shelf('Shirts', 'Linen Shirt, Merino Shirt, Flannel Shirt, Polo Shirt', [19, 130], [120, 450]),
    shelf('Trousers', 'Hiking Trousers, Chinos, Joggers, Corduroy Trousers', [29, 170], [250, 800]),
    shelf('Footwear', 'Hiking Boots, Sneakers, Sandals, Wool Slippers', [25, 260], [300, 1800]),
  ],
};

const qualities =
  'Alder, Amber, Ashwood, Basalt, Birch, Blue, Brushed, Canyon, Cedar, Classic, Coastal, Copper, Everyday, Fjord, Folding, Granite, Graphite, Harbour, Heritage, Juniper, Light, Linen, Meadow, Midnight, Minimal, Moss, Nordic, Oak, Olive, Pine, Quiet, River, Sage, Slate, Solid, Stone, Studio, Terra, Urban, Walnut'.split(
    ', ',
  );
const brands =
  'Alpenglow, Brookside, Delta & Daughters, Eddy, Fairwater, Headwater, Kelpie, Lowtide, Marsh & Moor, Otterline, Rill, Spring & Sons'.split(
    ', ',
  );

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** The tree from the top down: 8 categories and the 32 below them. */
export function demoCategories(): DemoCategory[] {
  return Object.entries(tree).flatMap(([name, shelves]) => {
    const root = { id: `category-${slugOf(name)}`, slug: slugOf(name), name, parentId: null };
    const children = shelves.map((child) => ({
      id: `category-${slugOf(child.name)}`,
      slug: slugOf(child.name),
      name: child.name,
      parentId: root.id,
    }));
    return [root, ...children];
  });
}

const shelves = Object.values(tree).flat();

/** `product-0001` for 1. */
export function productId(number: number): string {
  return `product-${String(number).padStart(4, '0')}`;
}

/** Product `number`, from 1 to `demoProductCount`; neighbours lie on different shelves. */
export function productAt(number: number): DemoProduct {
  const chance = chanceOf('product', number);
  const place = shelves[(number - 1) % shelves.length] as Shelf;
  const noun = chance.pick(place.nouns);
  // Prices lean to the cheap side of the shelf and end on 90 cents, as in a shop.
  const span = place.euros[1] - place.euros[0];
  const euros = place.euros[0] + Math.floor(span * chance.next() ** 2);
  return {
    id: productId(number),
    sku: `${slugOf(place.name).slice(0, 3).toUpperCase()}-${String(number).padStart(4, '0')}`,
    name: `${chance.pick(qualities)} ${noun}`,
    brand: chance.pick(brands),
    noun,
    categoryId: `category-${slugOf(place.name)}`,
    price: euros * 100 + 90,
    weightGrams: chance.whole(place.grams[0], place.grams[1]),
    addedAt: daysBefore(demoEnd, chance.whole(545, 1200) + chance.next()),
  };
}

/** All demo products in the order of their numbers. */
export function demoProducts(): DemoProduct[] {
  return Array.from({ length: demoProductCount }, (_, index) => productAt(index + 1));
}
