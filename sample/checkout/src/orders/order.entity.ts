import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** `paid-late`: the money came after the customer had been told that it did not. */
export type OrderStatus = 'open' | 'paid' | 'paid-late';

/** One gift card that somebody ordered. */
@Entity('shop_order')
export class Order {
  @PrimaryGeneratedColumn()
  number!: number;

  /** In the addresses of the customer's page: nobody guesses it. */
  @Index('shop_order_id', { unique: true })
  @Column({ type: 'varchar', length: 36 })
  id!: string;

  /** Drawn by the page: a double click, or a repeat after a lost answer, is the same order. */
  @Index('shop_order_key', { unique: true })
  @Column({ type: 'varchar', length: 36 })
  idempotencyKey!: string;

  /** Whole KES. */
  @Column({ type: 'int' })
  amount!: number;

  @Column({ type: 'varchar', length: 9, default: 'open' })
  status!: OrderStatus;

  @Column({ type: 'varchar', length: 128, nullable: true })
  receipt!: string | null;

  /** What the customer reads in the prompt and in the receipt message; at most 12 characters. */
  get reference(): string {
    return `INV-${String(this.number).padStart(3, '0')}`;
  }
}
