import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row for each time that an order is sent. Nothing makes it one by force: that is shown. */
export class CreateShipments1764200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE shipment (number bigserial PRIMARY KEY, order_id varchar(64) NOT NULL)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE shipment');
  }
}
