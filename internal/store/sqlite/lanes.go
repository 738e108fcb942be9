package sqlite

import "math"

// The time of a lane.
//
// host.ready is when a lane can next give a unit: when its first unit is due,
// but not before host.next; null while one of its units is out, or none waits.
// It is reckoned again at the end of each operation that touched the lane, so
// that taking work looks at lanes that are ready and at no others, however
// many wait.

// host gives the number of a host, which is made where it is new; 0 for "".
func (t *tx) host(name string) int64 {
	if name == "" {
		return 0
	}
	var n int64
	if t.row("SELECT n FROM host WHERE name = ?", list{name}, &n) {
		return n
	}
	return t.insert("INSERT INTO host (name) VALUES (?)", name)
}

// touch has the lane's time reckoned again when the operation ends.
func (t *tx) touch(host int64) {
	if host == 0 {
		return
	}
	if t.lanes == nil {
		t.lanes = map[int64]bool{}
	}
	t.lanes[host] = true
}

// settle reckons the time of the lanes that were touched.
func (t *tx) settle() {
	for host := range t.lanes {
		t.exec(settleLane, host)
	}
	t.lanes = nil
}

// Each priority is asked alone, which the index answers with one step.
const settleLane = `
UPDATE host SET ready = (
  SELECT max(host.next, min(due)) FROM (
    SELECT min(due) due FROM work WHERE host = ?1 AND priority = 0 AND state = 0 UNION ALL
    SELECT min(due) FROM work WHERE host = ?1 AND priority = 1 AND state = 0 UNION ALL
    SELECT min(due) FROM work WHERE host = ?1 AND priority = 2 AND state = 0 UNION ALL
    SELECT min(due) FROM work WHERE host = ?1 AND priority = 3 AND state = 0
  ) WHERE NOT EXISTS (SELECT 1 FROM work WHERE host = ?1 AND state = 1))
WHERE n = ?1`

// waiting is the state of a unit that waits.
const waiting = `CASE WHEN (CASE work.stage
  WHEN 'follow' THEN (SELECT o.paused FROM source s JOIN outlet o ON o.n = s.outlet WHERE s.n = work.key)
  WHEN 'fetch' THEN (SELECT o.paused FROM page p JOIN outlet o ON o.n = p.outlet WHERE p.n = work.key)
  END) THEN 3 ELSE 0 END`

// add adds a unit that waits, unless there is one. It tells whether it did.
func (t *tx) add(stage string, key int64, version string, host int64, priority int, due int64) bool {
	if t.exec(`INSERT INTO work (stage, key, version, host, priority, due, state) VALUES (?, ?, ?, ?, ?, ?, 0)
		ON CONFLICT (stage, key, version) DO NOTHING`, stage, key, version, null(host), clamp(priority), due) == 0 {
		return false
	}
	if stage == "follow" || stage == "fetch" {
		t.exec("UPDATE work SET state = 3 WHERE stage = ? AND key = ? AND "+waiting+" = 3", stage, key)
	}
	t.touch(host)
	return true
}

// drop takes a unit away, whatever its state.
func (t *tx) drop(stage string, key int64) {
	t.each("DELETE FROM work WHERE stage = ? AND key = ? RETURNING coalesce(host, 0)", list{stage, key}, t.touched)
}

// touched is for the hosts that a statement returns.
func (t *tx) touched(scan func(...any)) bool {
	var host int64
	scan(&host)
	t.touch(host)
	return true
}

// clamp keeps a priority among those that lanes know.
func clamp(priority int) int { return min(max(priority, 0), 3) }

const never = math.MaxInt64
