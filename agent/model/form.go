package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/keymaker-agent/keymaker/intents"
)

const maxSteps = 6

// slot is a field of a step in the model's answer, and the words that may stand in it.
type slot struct {
	key   string
	words []string
	refs  bool // the words are refs, or nothing
	put   func(*intents.Step, string)
}

// form is the shape of the answer to one sentence: the slots that this sentence has something for, in the order of their
// keys, which is the order that every version of the server writes them in.
type form struct {
	slots []slot
	known map[string]bool // every ref of the sentence
	most  int             // steps
}

func formFor(s *sentence) *form {
	f := &form{known: map[string]bool{}, most: min(1+s.joints, maxSteps)}
	for _, ref := range s.order {
		f.known[string(ref)] = true
	}
	tokens, chains := s.of(intents.TokenSpan), s.of(intents.ChainSpan)
	times, conds := s.of(intents.TimeSpan), s.of(intents.CondSpan)

	f.choice("act", actions, func(st *intents.Step, w string) { st.Action = intents.Action(w) })
	f.refs("amount", f.orOutput(s.of(intents.AmountSpan)), func(st *intents.Step, w string) { st.Amount = intents.Ref(w) })
	f.refs("dest", chains, func(st *intents.Step, w string) { st.DestChain = intents.Ref(w) })
	f.refs("every", times, func(st *intents.Step, w string) { st.Every = intents.Ref(w) })
	f.refs("from", f.orOutput(tokens), func(st *intents.Step, w string) { st.TokenIn = intents.Ref(w) })
	f.refs("into", tokens, func(st *intents.Step, w string) { st.TokenOut = intents.Ref(w) })
	if len(times)+len(conds) > 0 {
		f.choice("kind", kinds, func(st *intents.Step, w string) { st.Kind = w })
	}
	f.refs("net", chains, func(st *intents.Step, w string) { st.Chain = intents.Ref(w) })
	f.refs("to", s.of(intents.AddressSpan, intents.NameSpan), func(st *intents.Step, w string) { st.Recipient = intents.Ref(w) })
	f.refs("when", s.of(intents.CondSpan, intents.TimeSpan), func(st *intents.Step, w string) { st.Trigger = intents.Ref(w) })
	return f
}

var actions = []string{
	string(intents.Swap), string(intents.Bridge), string(intents.Transfer), string(intents.Approve), string(intents.Revoke), string(intents.Wrap),
	string(intents.Unwrap), string(intents.Stake), string(intents.Lend), string(intents.Withdraw), string(intents.Borrow), string(intents.Repay),
	string(intents.Schedule), string(intents.Alert), string(intents.Balance), string(intents.Price), string(intents.QuoteOnly),
	string(intents.RiskCheck), string(intents.YieldSearch), string(intents.TxStatus), string(intents.None), string(intents.Other),
}

var kinds = []string{"dca", "limit", "stop", "twap", "recurring", "once", ""}

// orOutput adds the outputs of earlier steps to the refs of a slot that the sentence has something for.
func (f *form) orOutput(refs []intents.Ref) []intents.Ref {
	if len(refs) == 0 {
		return nil
	}
	all := slices.Clone(refs)
	for k := 1; k < f.most; k++ {
		all = append(all, output(k))
	}
	return all
}

func output(step int) intents.Ref { return intents.Ref(fmt.Sprintf("out:%d", step)) }

func (f *form) choice(key string, words []string, put func(*intents.Step, string)) {
	f.slots = append(f.slots, slot{key: key, words: words, put: put})
}

func (f *form) refs(key string, refs []intents.Ref, put func(*intents.Step, string)) {
	if len(refs) == 0 {
		return
	}
	words := make([]string, 0, len(refs)+1)
	for _, ref := range refs {
		words = append(words, string(ref))
	}
	f.slots = append(f.slots, slot{key: key, words: append(words, ""), refs: true, put: put})
}

// schema spells the form as a JSON Schema, with no keyword that a server may pass over.
func (f *form) schema() json.RawMessage {
	var properties, required bytes.Buffer
	for i, s := range f.slots {
		if i > 0 {
			properties.WriteByte(',')
			required.WriteByte(',')
		}
		fmt.Fprintf(&properties, `%s:{"type":"string","enum":%s}`, spell(s.key), spell(s.words))
		required.Write(spell(s.key))
	}
	return fmt.Appendf(
		nil,
		`{"type":"object","properties":{"steps":{"type":"array","minItems":1,"maxItems":%d,"items":`+
			`{"type":"object","properties":{%s},"required":[%s],"additionalProperties":false}}},"required":["steps"],"additionalProperties":false}`,
		f.most, &properties, &required,
	)
}

func spell(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and lists of strings always spell
	}
	return text
}

// tokens is how many tokens an answer may have: each slot takes some seven.
func (f *form) tokens() int { return 32 + f.most*(8+9*len(f.slots)) }

// slot finds a slot by its key.
func (f *form) slot(key string) (slot, bool) {
	i := slices.IndexFunc(f.slots, func(s slot) bool { return s.key == key })
	if i < 0 {
		return slot{}, false
	}
	return f.slots[i], true
}
