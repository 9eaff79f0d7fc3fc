package usage

// form is how a field is written.
type form uint8

const (
	formTime    form = iota // unix seconds, a JSON number below 2^40
	formRef                 // "0x" and 32 lower-case hex digits
	formAddress             // "0x" and 40, not the zero address
	formNobody              // an address that may be zero
	formCommit              // "0x" and 40: a git object id
	formHash                // "0x" and 64
	formName                // 1 to 64 of a-z 0-9 . _ : / -
	formCount               // a JSON number below 2^53
	formAmount              // a decimal string without leading zeros, below 2^128
	formFlag                // 0 or 1
)

// field is one member of a line, in its place.
type field struct {
	key  string
	form form
	in   slot
}

// slot is the part of an Entry that a field fills.
type slot uint8

const (
	inAt slot = iota
	inTo
	inRef
	inEarner
	inOther
	inAsset
	inSubject
	inSubnet
	inName
	inPlace
	inChain
	inAmount
	inFee
	inPriceIn
	inPriceOut
	inInput
	inOutput
	inDecimals
	inProposal
	inLockFrom
	inLockTo
	inFlag
)

var (
	when  = []field{{"at", formTime, inAt}, {"ref", formRef, inRef}}
	while = []field{{"from", formTime, inAt}, {"to", formTime, inTo}, {"ref", formRef, inRef}}
)

// table is the kinds as data: the name of each, and its fields in the order in which they are written after "kind".
var table = [kinds]struct {
	name   string
	fields []field
}{
	Tool: {"tool", with(
		when, field{"tool", formName, inName}, field{"author", formAddress, inEarner}, field{"user", formAddress, inOther},
		field{"chain", formCount, inChain}, field{"transaction", formHash, inSubject}, field{"burned", formAmount, inAmount},
	)},
	Front: {"front", with(
		when, field{"front", formName, inName}, field{"subnet", formHash, inSubnet}, field{"user", formAddress, inOther},
		field{"chain", formCount, inChain}, field{"transaction", formHash, inSubject}, field{"burned", formAmount, inAmount},
	)},
	Work: {"work", with(
		when, field{"repository", formName, inPlace}, field{"commit", formCommit, inSubject}, field{"author", formAddress, inEarner},
		field{"maintainer", formAddress, inOther}, field{"class", formName, inName}, field{"weight", formAmount, inAmount},
	)},
	Risk: {"risk", with(
		when, field{"commit", formCommit, inSubject}, field{"maintainer", formAddress, inOther}, field{"at_risk", formFlag, inFlag},
	)},
	Receipt: {"receipt", with(
		when, field{"model", formName, inName}, field{"provider", formAddress, inEarner}, field{"consumer", formAddress, inOther},
		field{"input", formCount, inInput}, field{"output", formCount, inOutput}, field{"price_in", formAmount, inPriceIn},
		field{"price_out", formAmount, inPriceOut}, field{"fee", formAmount, inFee},
	)},
	Audit: {"audit", with(
		when, field{"model", formName, inName}, field{"provider", formAddress, inEarner}, field{"auditor", formAddress, inOther},
		field{"passed", formFlag, inFlag},
	)},
	Bond: {"bond", with(
		while, field{"provider", formAddress, inEarner}, field{"amount", formAmount, inAmount},
	)},
	Subnet: {"subnet", with(
		while, field{"subnet", formHash, inSubnet}, field{"treasury", formAddress, inEarner}, field{"fee", formAmount, inFee},
	)},
	Stake: {"stake", with(
		while, field{"subnet", formHash, inSubnet}, field{"staker", formAddress, inEarner}, field{"amount", formAmount, inAmount},
	)},
	Yield: {"yield", with(
		when, field{"asset", formAddress, inAsset}, field{"gain", formAmount, inAmount}, field{"decimals", formCount, inDecimals},
		field{"price", formAmount, inPriceIn},
	)},
	Deposit: {"deposit", with(
		while, field{"asset", formAddress, inAsset}, field{"member", formAddress, inEarner}, field{"amount", formAmount, inAmount},
		field{"lock_from", formTime, inLockFrom}, field{"lock_to", formTime, inLockTo}, field{"referrer", formNobody, inOther},
	)},
	Payout: {"payout", with(
		when, field{"proposal", formCount, inProposal}, field{"to", formAddress, inEarner}, field{"amount", formAmount, inAmount},
	)},
}

func with(common []field, more ...field) []field {
	return append(append([]field{}, common...), more...)
}

func (k Kind) String() string {
	if k < kinds {
		return table[k].name
	}
	return "unknown"
}

// lasts reports whether entries of the kind tell what stood for a length of time.
func (k Kind) lasts() bool { return k < kinds && table[k].fields[1].in == inTo }
