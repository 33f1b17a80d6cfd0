import type { DatabaseSync } from 'node:sqlite';

export interface Migration {
  /** What it changes, for the log. */
  name: string;
  up(db: DatabaseSync): void;
}

/**
 * The journal's schema as the sum of its changes; `user_version` counts those applied. Never edit one that was released: add one.
 *
 * Personal data is in the `sealed` columns alone (docs/decisions/002-journal.md).
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'people, enrolments, photos, deliveries, steps, owners, items',
    up(db) {
      db.exec(`
        CREATE TABLE people (
          id         TEXT PRIMARY KEY,
          code_index BLOB NOT NULL UNIQUE,
          created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE enrolments (
          seq        INTEGER PRIMARY KEY AUTOINCREMENT,
          id         TEXT NOT NULL UNIQUE,
          person     TEXT NOT NULL REFERENCES people(id) ON DELETE CASCADE,
          sealed     BLOB NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX enrolments_by_person ON enrolments(person);

        CREATE TABLE photos (
          enrolment  TEXT PRIMARY KEY REFERENCES enrolments(id) ON DELETE CASCADE,
          version    TEXT NOT NULL,
          head       TEXT NOT NULL,
          expires_at INTEGER,
          deleted_at INTEGER
        ) STRICT;
        CREATE INDEX photos_to_delete ON photos(expires_at) WHERE deleted_at IS NULL AND expires_at IS NOT NULL;

        CREATE TABLE owners (
          id      TEXT PRIMARY KEY,
          pid     INTEGER NOT NULL,
          host    TEXT NOT NULL,
          started TEXT,
          seen_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE deliveries (
          seq             INTEGER PRIMARY KEY AUTOINCREMENT,
          id              TEXT NOT NULL UNIQUE,
          enrolment       TEXT NOT NULL REFERENCES enrolments(id) ON DELETE CASCADE,
          person          TEXT NOT NULL REFERENCES people(id) ON DELETE CASCADE,
          platform        TEXT NOT NULL,
          state           TEXT NOT NULL CHECK (state IN
            ('queued','running','waiting','asking','delivered','verified','refused','abandoned')),
          on_existing     TEXT NOT NULL CHECK (on_existing IN ('update','stop')),
          on_similar      TEXT NOT NULL CHECK (on_similar IN ('ask','force','stop')),
          attempts        INTEGER NOT NULL DEFAULT 0,
          streak          INTEGER NOT NULL DEFAULT 0,
          error           TEXT,
          sealed          BLOB NOT NULL,
          next_attempt_at INTEGER,
          owner           TEXT REFERENCES owners(id),
          created_at      INTEGER NOT NULL,
          updated_at      INTEGER NOT NULL,
          rev             INTEGER NOT NULL,
          UNIQUE (enrolment, platform),
          CHECK ((state = 'running') = (owner IS NOT NULL))
        ) STRICT;
        CREATE INDEX deliveries_by_platform ON deliveries(platform, state);
        CREATE INDEX deliveries_due ON deliveries(next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        CREATE INDEX deliveries_held ON deliveries(owner) WHERE owner IS NOT NULL;
        CREATE INDEX deliveries_by_person ON deliveries(person, platform);
        CREATE INDEX deliveries_by_rev ON deliveries(rev);

        CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
        INSERT INTO revision VALUES (1, 0);

        CREATE TABLE steps (
          id         INTEGER PRIMARY KEY,
          delivery   TEXT NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE,
          attempt    INTEGER NOT NULL,
          name       TEXT NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at   INTEGER,
          outcome    TEXT NOT NULL CHECK (outcome IN ('running','done','failed','skipped')),
          code       TEXT
        ) STRICT;
        CREATE INDEX steps_by_delivery ON steps(delivery);

        CREATE TABLE items (
          name       TEXT PRIMARY KEY,
          sealed     BLOB NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;
      `);
    },
  },
  {
    name: 'urgency, looks after delivery, consent, audit, secrets',
    up(db) {
      db.exec(`
        ALTER TABLE deliveries ADD COLUMN urgency TEXT NOT NULL DEFAULT 'desk' CHECK (urgency IN ('desk','batch'));
        ALTER TABLE deliveries ADD COLUMN delivered_at INTEGER;
        ALTER TABLE deliveries ADD COLUMN door TEXT CHECK (door IN ('applied','pending','failed','none'));
        ALTER TABLE deliveries ADD COLUMN next_check_at INTEGER;
        ALTER TABLE deliveries ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
        UPDATE deliveries SET delivered_at = updated_at WHERE state IN ('delivered','verified');
        CREATE INDEX deliveries_queue ON deliveries(platform, urgency DESC, seq) WHERE state IN ('queued','waiting');
        CREATE INDEX deliveries_to_check ON deliveries(platform, next_check_at) WHERE next_check_at IS NOT NULL;

        ALTER TABLE enrolments ADD COLUMN consent_version TEXT;
        ALTER TABLE enrolments ADD COLUMN consent_at INTEGER;

        CREATE TABLE audit (
          seq      INTEGER PRIMARY KEY,
          at       INTEGER NOT NULL,
          actor    TEXT NOT NULL,
          action   TEXT NOT NULL,
          subject  TEXT,
          platform TEXT,
          outcome  TEXT NOT NULL,
          detail   TEXT NOT NULL,
          hash     TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is not shortened'); END;

        CREATE TABLE secrets (
          platform   TEXT NOT NULL,
          field      TEXT NOT NULL,
          sealed     BLOB NOT NULL,
          updated_at INTEGER NOT NULL,
          PRIMARY KEY (platform, field)
        ) STRICT;
      `);
    },
  },
  {
    name: 'requests that processes share',
    up(db) {
      db.exec(`
        CREATE TABLE pace (
          id         INTEGER PRIMARY KEY AUTOINCREMENT,
          account    TEXT NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at   INTEGER
        ) STRICT;
        CREATE INDEX pace_of_account ON pace(account);
      `);
    },
  },
  {
    name: 'what was seen and foretold, and how platforms answered',
    up(db) {
      db.exec(`
        ALTER TABLE photos ADD COLUMN seen BLOB;
        ALTER TABLE deliveries ADD COLUMN expected TEXT;
        ALTER TABLE deliveries ADD COLUMN heard TEXT;

        CREATE TABLE quality_counts (
          platform TEXT NOT NULL,
          kind     TEXT NOT NULL,
          agreed   INTEGER NOT NULL DEFAULT 0,
          strict   INTEGER NOT NULL DEFAULT 0,
          lenient  INTEGER NOT NULL DEFAULT 0,
          other    INTEGER NOT NULL DEFAULT 0,
          since    INTEGER NOT NULL,
          last_at  INTEGER NOT NULL,
          PRIMARY KEY (platform, kind)
        ) STRICT;
        CREATE TABLE quality_disagreements (
          id        INTEGER PRIMARY KEY AUTOINCREMENT,
          at        INTEGER NOT NULL,
          platform  TEXT NOT NULL,
          kind      TEXT NOT NULL,
          verdict   TEXT NOT NULL CHECK (verdict IN ('strict','lenient','other')),
          measure   TEXT,
          value     REAL,
          low       REAL,
          high      REAL,
          predicted TEXT,
          answered  TEXT,
          message   TEXT
        ) STRICT;
      `);
    },
  },
  {
    name: 'presence check before the picture',
    up(db) {
      db.exec('ALTER TABLE enrolments ADD COLUMN presence TEXT;');
    },
  },
  {
    name: 'imports: their rows, looks at their photos, what was enrolled from them',
    up(db) {
      db.exec(`
        CREATE TABLE batches (
          id         TEXT PRIMARY KEY,
          digest     BLOB NOT NULL UNIQUE,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE batch_rows (
          batch     TEXT NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
          line      INTEGER NOT NULL,
          pass      INTEGER NOT NULL,
          code      BLOB,
          verdict   TEXT NOT NULL CHECK (verdict IN ('new','accepted','refused','skipped')),
          reasons   TEXT NOT NULL DEFAULT '[]',
          warnings  TEXT NOT NULL DEFAULT '[]',
          enrolment TEXT REFERENCES enrolments(id) ON DELETE SET NULL,
          sealed    BLOB NOT NULL,
          PRIMARY KEY (batch, line)
        ) STRICT;
        CREATE INDEX batch_rows_by_verdict ON batch_rows(batch, verdict, line);
        CREATE INDEX batch_rows_by_code ON batch_rows(code) WHERE code IS NOT NULL;
        CREATE INDEX batch_rows_by_enrolment ON batch_rows(enrolment) WHERE enrolment IS NOT NULL;

        CREATE TABLE imported (
          content   BLOB NOT NULL,
          enrolment TEXT NOT NULL REFERENCES enrolments(id) ON DELETE CASCADE,
          PRIMARY KEY (content, enrolment)
        ) STRICT;
        CREATE INDEX imported_by_enrolment ON imported(enrolment);

        CREATE TABLE looks (
          photo   BLOB PRIMARY KEY,
          code    BLOB,
          sealed  BLOB NOT NULL,
          used_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX looks_by_code ON looks(code) WHERE code IS NOT NULL;
      `);
    },
  },
  {
    name: 'visits',
    up(db) {
      db.exec(`
        CREATE TABLE visits (
          seq        INTEGER PRIMARY KEY AUTOINCREMENT,
          id         TEXT NOT NULL UNIQUE,
          code_index BLOB NOT NULL,
          person     TEXT REFERENCES people(id) ON DELETE CASCADE,
          enrolment  TEXT REFERENCES enrolments(id) ON DELETE SET NULL,
          sealed     BLOB NOT NULL,
          from_at    INTEGER NOT NULL,
          to_at      INTEGER NOT NULL,
          arrived_at INTEGER,
          left_at    INTEGER,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX visits_by_code ON visits(code_index);
        CREATE INDEX visits_by_person ON visits(person);
        CREATE INDEX visits_by_enrolment ON visits(enrolment);
        CREATE INDEX visits_open ON visits(from_at) WHERE left_at IS NULL;
        CREATE INDEX visits_over ON visits(left_at) WHERE left_at IS NOT NULL;
      `);
    },
  },
  {
    name: 'who passed the doors, and the first pass of each enrolment',
    up(db) {
      db.exec(`
        CREATE TABLE passes (
          seq      INTEGER PRIMARY KEY AUTOINCREMENT,
          id       TEXT NOT NULL UNIQUE,
          record   BLOB NOT NULL UNIQUE,
          platform TEXT NOT NULL,
          person   TEXT REFERENCES people(id) ON DELETE SET NULL,
          at       INTEGER NOT NULL,
          sealed   BLOB NOT NULL
        ) STRICT;
        CREATE INDEX passes_by_platform ON passes(platform, at);
        CREATE INDEX passes_by_time ON passes(at);
        CREATE INDEX passes_by_person ON passes(person) WHERE person IS NOT NULL;

        CREATE TABLE proofs (
          delivery TEXT PRIMARY KEY REFERENCES deliveries(id) ON DELETE CASCADE,
          pass     TEXT,
          at       INTEGER NOT NULL,
          sealed   BLOB NOT NULL
        ) STRICT;
        CREATE INDEX proofs_by_pass ON proofs(pass) WHERE pass IS NOT NULL;
      `);
    },
  },
  {
    name: 'deliveries by their state, for the counts at a glance',
    up: (db) => db.exec('CREATE INDEX deliveries_by_state ON deliveries(state, updated_at, enrolment)'),
  },
  {
    name: 'which process has an import in hand',
    up(db) {
      db.exec('ALTER TABLE batches ADD COLUMN owner TEXT;');
    },
  },
  {
    name: 'faces of people enrolled at the desk, where a site compares tables with them',
    up(db) {
      db.exec(`
        CREATE TABLE desk_faces (
          enrolment TEXT PRIMARY KEY REFERENCES enrolments(id) ON DELETE CASCADE,
          code      BLOB NOT NULL,
          sealed    BLOB NOT NULL
        ) STRICT;
        CREATE INDEX desk_faces_by_code ON desk_faces(code);
      `);
    },
  },
];
