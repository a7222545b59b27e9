import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Something that a person has to do. */
@Entity('shop_task')
export class Task {
  @PrimaryGeneratedColumn()
  number!: number;

  /** Of the order that it is about. */
  @Column({ type: 'varchar', length: 12 })
  reference!: string;

  @Column({ type: 'varchar', length: 255 })
  text!: string;
}
