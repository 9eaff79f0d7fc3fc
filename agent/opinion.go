package agent

import (
	"context"
	"reflect"

	"github.com/keymaker-agent/keymaker/intents"
)

// Opinion is what the user said of a reading that was in doubt.
type Opinion struct {
	Reading *intents.Reading
	Draft   intents.Draft
	Planner string // whose reading it is; empty where that is not known any more
	Meant   bool   // false: the user said no to it
}

// hear passes on what an answer says of the readings that it was asked about. Only what was said in one sentence counts: a follow-up,
// and a sentence with an answer in it, are readings of several.
func (u *Understander) hear(ctx context.Context, was *Understanding, answer string) {
	if u.Heard == nil || was.Planner == revision || len(was.Reading.Answers) > 0 {
		return
	}
	say := func(d intents.Draft, by string, meant bool) {
		u.Heard(ctx, Opinion{Reading: was.Reading, Draft: d, Planner: by, Meant: meant})
	}
	options := was.Question.Options
	if was.second == nil {
		switch intents.Named(options, answer) {
		case "yes":
			say(was.Draft, was.Planner, true)
		case "no":
			say(was.Draft, was.Planner, false)
		}
		return
	}
	switch intents.Chosen(options, answer) {
	case options[0]:
		say(was.Draft, was.Planner, true)
	case options[1]:
		say(*was.second, was.drafter(*was.second), true)
	case neither:
		say(was.Draft, was.Planner, false)
		say(*was.second, was.drafter(*was.second), false)
	}
}

// drafter finds the planner of a draft.
func (got *Understanding) drafter(d intents.Draft) string {
	for _, v := range got.Views {
		if reflect.DeepEqual(v.Draft, d) {
			return v.Planner
		}
	}
	return ""
}
