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

// waiting is the state of a unit that waits, for units that are there.
const waiting = `CASE WHEN (CASE work.stage
  WHEN 'follow' THEN (SELECT o.paused FROM source s JOIN outlet o ON o.n = s.outlet WHERE s.n = work.key)
  WHEN 'fetch' THEN (SELECT o.paused FROM page p JOIN outlet o ON o.n = p.outlet WHERE p.n = work.key)
  END) THEN 3 ELSE 0 END`

// add adds a unit that waits, unless there is one.
func (t *tx) add(stage string, key int64, version string, host int64, priority int, due int64, paused bool) {
	state := 0
	if paused {
		state = 3
	}
	t.exec(`INSERT INTO work (stage, key, version, host, priority, due, state) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (stage, key, version) DO NOTHING`, stage, key, version, null(host), level(priority), due, state)
	t.touch(host)
}

// paused tells whether a page's outlet is.
func (t *tx) paused(page int64) (paused bool) {
	t.row("SELECT o.paused FROM page p JOIN outlet o ON o.n = p.outlet WHERE p.n = ?", list{page}, &paused)
	return paused
}

// drop takes a unit away. One that is out in a lane stays until its worker
// comes back, so that the lane is not asked twice at a time; see stray.
func (t *tx) drop(stage string, key int64) {
	t.each("DELETE FROM work WHERE stage = ? AND key = ? AND (state <> 1 OR host IS NULL) RETURNING coalesce(host, 0)", list{stage, key}, t.touched)
}

// stray takes units away that came back and are of nothing any more.
func (t *tx) stray(ids []int64) {
	for _, id := range ids {
		t.exec(`DELETE FROM work WHERE id = ? AND CASE stage
			WHEN 'follow' THEN NOT EXISTS (SELECT 1 FROM source WHERE n = work.key)
			WHEN 'fetch' THEN NOT EXISTS (SELECT 1 FROM page WHERE n = work.key) END`, id)
	}
}

// back is for statements that return units which are out no more, with their
// hosts.
func (t *tx) back(query string, args list) {
	var ids []int64
	t.each(query+" RETURNING id, coalesce(host, 0)", args, func(scan func(...any)) bool {
		var id, host int64
		scan(&id, &host)
		t.touch(host)
		ids = append(ids, id)
		return true
	})
	t.stray(ids)
}

// touched is for the hosts that a statement returns.
func (t *tx) touched(scan func(...any)) bool {
	var host int64
	scan(&host)
	t.touch(host)
	return true
}

// level keeps a priority among those that lanes know.
func level(priority int) int { return min(max(priority, 0), 3) }

const never = math.MaxInt64
