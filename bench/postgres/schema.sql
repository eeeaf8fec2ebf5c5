-- The peer of bench/run: a hash chain as one writes it in PostgreSQL. The head row is locked first, so
-- that the order of the chain is the order of the commits; the lock is held until COMMIT has synced.
create table head (id int primary key, size bigint not null, hash bytea not null) with (fillfactor = 10);
insert into head values (1, 0, sha256(''));

create table entry (
	n bigint primary key,
	subject uuid not null,
	digest bytea not null,
	hash bytea not null,
	at timestamptz not null
);

create function append(s uuid, d bytea) returns bigint language plpgsql as $$
declare
	h record;
	link bytea;
begin
	select size, hash into h from head where id = 1 for update;
	link := sha256(h.hash || uuid_send(s) || d);
	insert into entry values (h.size, s, d, link, clock_timestamp());
	update head set size = h.size + 1, hash = link where id = 1;
	return h.size;
end
$$;

-- Without a chain: what PostgreSQL does with the same row when nothing orders the writers.
create table plain (
	id bigint generated always as identity primary key,
	subject uuid not null,
	digest bytea not null,
	at timestamptz not null
);
