package model

// fault says in one word why an answer is thrown away. It is all that a second try is told: no byte of the first answer
// gets into its prompt.
type fault string

const (
	none       fault = ""
	tooLong    fault = "too_long"
	notJSON    fault = "not_json"
	wrongShape fault = "wrong_shape" // a field twice, missing, unknown, or of another type
	wrongWord  fault = "wrong_word"  // an action or kind that there is not
	wrongSlot  fault = "wrong_slot"  // a ref of the sentence in a slot of another kind
	wrongCount fault = "wrong_count" // no step, or too many
)

func (f fault) Error() string { return string(f) }

// preamble is the same in every prompt, so that a server works it out once. A test holds it under 350 tokens. Its examples are
// made up; none is taken from a set that planners are measured with.
const preamble = `Wallet request to JSON. T1 is a token, A1 an amount, R1 a recipient or spender, C1 a network, "" nothing.
act: swap bridge transfer approve revoke wrap unwrap stake lend withdraw borrow repay schedule alert balance price quote risk_check yield_search tx_status; none: talk, or a "don't". other: the rest.
from: token given. into: token got. net: network. dest: network to arrive on.

in: make T2 out of A1 T1
out:{"steps":[{"act":"swap","amount":"A1","from":"T1","into":"T2"}]}
in: R1 should get A1 T1 over C1
out:{"steps":[{"act":"transfer","amount":"A1","dest":"","from":"T1","into":"","net":"C1","to":"R1"}]}
in: carry A1 T1 from C1 across to C2
out:{"steps":[{"act":"bridge","amount":"A1","dest":"C2","from":"T1","into":"","net":"C1"}]}
in: my T1 holdings?
out:{"steps":[{"act":"balance","from":"T1","into":""}]}
in: let R1 take up to A1 T1
out:{"steps":[{"act":"approve","amount":"A1","from":"T1","into":"","to":"R1"}]}
in: my song: QUOTE
out:{"steps":[{"act":"none"}]}
`

func prompt(s *sentence, draft string, before fault) string {
	text := preamble + "in: " + s.text + "\n"
	if before != none {
		text += "fault: " + string(before) + "\n"
	}
	if draft != "" {
		text += "draft: " + draft + "\n"
	}
	return text + "out:"
}
