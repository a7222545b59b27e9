import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The shop's own tables; those of nestjs-mpesa come with it. */
export class CreateShop1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'shop_order',
        columns: [
          COUNTER,
          { name: 'id', type: 'varchar', length: '36' },
          { name: 'idempotencyKey', type: 'varchar', length: '36' },
          { name: 'amount', type: 'integer' },
          { name: 'status', type: 'varchar', length: '9', default: "'open'" },
          { name: 'receipt', type: 'varchar', length: '128', isNullable: true },
        ],
        indices: [
          { name: 'shop_order_id', columnNames: ['id'], isUnique: true },
          { name: 'shop_order_key', columnNames: ['idempotencyKey'], isUnique: true },
        ],
      }),
    );
    await queryRunner.createTable(
      new Table({
        name: 'shop_task',
        columns: [
          COUNTER,
          { name: 'reference', type: 'varchar', length: '12' },
          { name: 'text', type: 'varchar', length: '255' },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('shop_task');
    await queryRunner.dropTable('shop_order');
  }
}

const COUNTER = {
  name: 'number',
  // The one name that all three databases count up by themselves.
  type: 'integer',
  isPrimary: true,
  isGenerated: true,
  generationStrategy: 'increment' as const,
};
