package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// names are the names of a set of months or days: format and stand-alone
// context, then wide and abbreviated width, then the key.
type names map[string]map[string]map[string]string

// gregorian is what is used of a locale's ca-gregorian.json.
type gregorian struct {
	Months      names
	Days        names
	DayPeriods  names
	DateFormats map[string]pattern
	TimeFormats map[string]pattern
}

// pattern is a format; CLDR gives some as an object that also names the
// digits.
type pattern string

func (p *pattern) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) != nil {
		var o struct {
			Value string `json:"_value"`
		}
		if err := json.Unmarshal(data, &o); err != nil {
			return err
		}
		s = o.Value
	}
	*p = pattern(s)
	return nil
}

// calendars is what the generator has read.
type calendars struct {
	dates    map[string]gregorian        // by locale
	months   map[string]map[string]names // by calendar, then locale
	coverage map[string]string           // locale: modern, moderate, basic
	likely   map[string]string           // locale: the same in full
	people   map[string]float64          // language: how many use it
	regions  map[string][]string         // region: calendars
	aliases  map[string]string           // withdrawn language code: today's
}

func (g *calendars) read(in input) error {
	locale := func(name string) string { return strings.Split(name, "/")[1] }
	err := in.packages["cldr-dates-full"].each(
		func(name string) bool { return strings.HasSuffix(name, "/ca-gregorian.json") },
		func(name string, data []byte) error {
			d, err := calendar[gregorian](data, locale(name), "gregorian")
			g.dates[locale(name)] = d
			return err
		})
	if err != nil {
		return err
	}
	for _, c := range []string{"persian", "islamic"} {
		g.months[c] = make(map[string]names)
		err := in.packages["cldr-cal-"+c+"-full"].each(
			func(name string) bool { return strings.HasSuffix(name, "/ca-"+c+".json") },
			func(name string, data []byte) error {
				d, err := calendar[struct{ Months names }](data, locale(name), c)
				g.months[c][locale(name)] = d.Months
				return err
			})
		if err != nil {
			return err
		}
	}
	return g.readCore(in.packages["cldr-core"])
}

// calendar takes one locale's calendar out of a CLDR file.
func calendar[T any](data []byte, locale, name string) (T, error) {
	var f struct {
		Main map[string]struct {
			Dates struct{ Calendars map[string]T }
		}
	}
	err := json.Unmarshal(data, &f)
	return f.Main[locale].Dates.Calendars[name], err
}

func (g *calendars) readCore(core *archive) error {
	load := func(name string, into any) error {
		data, err := core.file(name)
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		return err
	}
	var coverage struct {
		EffectiveCoverageLevels map[string]string
	}
	var likely struct {
		Supplemental struct{ LikelySubtags map[string]string }
	}
	var prefs struct {
		Supplemental struct {
			CalendarPreferenceData map[string][]string
		}
	}
	var aliases struct {
		Supplemental struct {
			Metadata struct {
				Alias struct {
					LanguageAlias map[string]struct {
						Replacement string `json:"_replacement"`
					}
				}
			}
		}
	}
	var territories struct {
		Supplemental struct {
			TerritoryInfo map[string]struct {
				Population         string `json:"_population"`
				LanguagePopulation map[string]struct {
					Percent string `json:"_populationPercent"`
				}
			}
		}
	}
	for name, into := range map[string]any{
		"coverageLevels.json":                      &coverage,
		"supplemental/likelySubtags.json":          &likely,
		"supplemental/calendarPreferenceData.json": &prefs,
		"supplemental/aliases.json":                &aliases,
		"supplemental/territoryInfo.json":          &territories,
	} {
		if err := load(name, into); err != nil {
			return err
		}
	}
	g.coverage = coverage.EffectiveCoverageLevels
	g.likely = likely.Supplemental.LikelySubtags
	g.aliases = make(map[string]string)
	for from, to := range aliases.Supplemental.Metadata.Alias.LanguageAlias {
		if !strings.Contains(from, "-") {
			g.aliases[from] = language(to.Replacement)
		}
	}
	// Sums of floating numbers depend on their order, so the order is fixed.
	info := territories.Supplemental.TerritoryInfo
	for _, r := range slices.Sorted(maps.Keys(info)) {
		population, err := strconv.ParseFloat(info[r].Population, 64)
		if err != nil {
			return fmt.Errorf("population of %s: %w", r, err)
		}
		for tag, l := range info[r].LanguagePopulation {
			percent, err := strconv.ParseFloat(l.Percent, 64)
			if err != nil {
				return fmt.Errorf("population of %s in %s: %w", tag, r, err)
			}
			g.people[language(strings.ReplaceAll(tag, "_", "-"))] += population * percent / 100
		}
		g.regions[r] = nil
	}
	for r, list := range prefs.Supplemental.CalendarPreferenceData {
		for _, c := range list {
			// Of the forms of the Islamic calendar one is read; those of
			// China, India and others have no names here.
			c, _, _ = strings.Cut(c, "-")
			switch c {
			case "gregorian", "persian", "islamic", "buddhist", "roc":
				if !slices.Contains(g.regions[r], c) {
					g.regions[r] = append(g.regions[r], c)
				}
			}
		}
	}
	return nil
}
