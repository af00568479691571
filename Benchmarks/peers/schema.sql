-- The same job in PostgreSQL: `sell` does all of it in one call, so that a lead costs one round trip.
CREATE TABLE account (
    advisor integer PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 50);
-- An order once for each region it names; region 0 for all.
CREATE TABLE offer (
    order_id integer NOT NULL, category smallint NOT NULL, region integer NOT NULL, rank integer NOT NULL,
    advisor integer NOT NULL, charge integer NOT NULL, least_income integer NOT NULL,
    least_age smallint NOT NULL, most_age smallint NOT NULL, insured boolean NOT NULL,
    employments smallint NOT NULL, most_instalment integer NOT NULL
);
-- What changes stands apart, in rows that are rewritten in place.
CREATE TABLE standing (order_id integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0))
    WITH (fillfactor = 50);
CREATE TABLE sale (person bigint PRIMARY KEY, order_id integer, charge integer);
CREATE TABLE lead (
    number integer PRIMARY KEY, categories text NOT NULL, province integer NOT NULL, city integer NOT NULL,
    income integer NOT NULL, age smallint NOT NULL, insured boolean NOT NULL, employment smallint NOT NULL,
    instalment integer NOT NULL
);
CREATE SEQUENCE person MINVALUE 0 START 0 CACHE 64;

CREATE FUNCTION sell_next() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    buyer bigint := nextval('person');
    given lead;
    chosen offer;
    after integer;
BEGIN
    SELECT * INTO given FROM lead WHERE number = (buyer % 131072)::integer;
    FOR place IN 1 .. length(given.categories) LOOP
        after := -1;
        LOOP
            SELECT found.* INTO chosen
            FROM (VALUES (0), (given.province), (given.city)) AS place_of (code),
                LATERAL (
                    SELECT * FROM offer
                    WHERE category = substr(given.categories, place, 1)::smallint
                        AND region = place_of.code AND rank > after
                        AND least_income <= given.income AND least_age <= given.age AND most_age >= given.age
                        AND (NOT offer.insured OR given.insured)
                        AND (employments = 0 OR (employments & given.employment) <> 0)
                        AND most_instalment >= given.instalment
                    ORDER BY rank LIMIT 1) AS found
            ORDER BY found.rank LIMIT 1;
            EXIT WHEN chosen.order_id IS NULL;
            PERFORM 1 FROM standing JOIN account ON account.advisor = chosen.advisor
            WHERE order_id = chosen.order_id AND remaining > 0 AND balance >= chosen.charge
            FOR UPDATE SKIP LOCKED;
            IF FOUND THEN
                UPDATE standing SET remaining = remaining - 1 WHERE order_id = chosen.order_id;
                UPDATE account SET balance = balance - chosen.charge WHERE advisor = chosen.advisor;
                INSERT INTO sale VALUES (buyer, chosen.order_id, chosen.charge);
                DELETE FROM offer USING standing
                WHERE standing.order_id = chosen.order_id AND remaining = 0
                    AND offer.order_id = chosen.order_id;
                RETURN chosen.order_id;
            END IF;
            after := chosen.rank;
        END LOOP;
    END LOOP;
    INSERT INTO sale VALUES (buyer, NULL, NULL);
    RETURN 0;
END $$;
