package tree

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

const (
	mixed    = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
	greatest = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
)

func line(address, amount string) string {
	return `{"address":"` + address + `","amount":"` + amount + "\"}\n"
}

func TestALineThatIsNoClaimIsRefusedByName(t *testing.T) {
	lower := strings.ToLower(mixed)
	for name, c := range map[string]struct {
		line string
		want error
	}{
		"empty line":               {"\n", ErrLine},
		"no JSON":                  {"address,amount\n", ErrLine},
		"a list":                   {"[]\n", ErrLine},
		"an empty object":          {"{}\n", ErrLine},
		"address alone":            {`{"address":"` + lower + "\"}\n", ErrLine},
		"address twice":            {`{"address":"` + lower + `","address":"` + lower + "\"}\n", ErrLine},
		"empty address twice":      {`{"address":"","address":"` + lower + "\"}\n", ErrLine},
		"amount twice":             {`{"amount":"1","amount":"1"}` + "\n", ErrLine},
		"one field more":           {`{"address":"` + lower + `","amount":"1","proof":[]}` + "\n", ErrLine},
		"another field":            {`{"address":"` + lower + `","value":"1"}` + "\n", ErrLine},
		"a field in capitals":      {`{"Address":"` + lower + `","amount":"1"}` + "\n", ErrLine},
		"two objects":              {`{"address":"` + lower + `","amount":"1"}{}` + "\n", ErrLine},
		"no comma":                 {`{"address":"` + lower + `""amount":"1"}` + "\n", ErrLine},
		"a line that ends early":   {`{"address":"` + lower + `","amount":"1` + "\n" + line(lower, "1"), ErrLine},
		"amount as a number":       {`{"address":"` + lower + `","amount":1}` + "\n", ErrLine},
		"amount as null":           {`{"address":"` + lower + `","amount":null}` + "\n", ErrLine},
		"byte order mark":          {"\ufeff" + line(lower, "1"), ErrLine},
		"far too long":             {line(lower, strings.Repeat("1", longestLine)), ErrLongLine},
		"never ending":             {strings.Repeat(" ", 2*longestLine), ErrLongLine},
		"cut in the name":          {`{"addr`, ErrCut},
		"cut in the amount":        {`{"address":"` + lower + `","amount":"12`, ErrCut},
		"cut before the brace":     {`{"address":"` + lower + `","amount":"12"`, ErrCut},
		"cut at once":              {`{`, ErrCut},
		"short address":            {line(lower[:41], "1"), ErrAddress},
		"long address":             {line(lower+"0", "1"), ErrAddress},
		"no address":               {line("", "1"), ErrAddress},
		"address without 0x":       {line(lower[2:]+"00", "1"), ErrAddress},
		"address not in hex":       {line(lower[:41]+"g", "1"), ErrAddress},
		"a name":                   {line("vitalik.eth", "1"), ErrAddress},
		"escaped address":          {line(`\u0030`+lower[1:], "1"), ErrAddress},
		"wrong checksum":           {line(strings.Replace(mixed, "C51812dc", "c51812dc", 1), "1"), ErrChecksum},
		"zero address":             {line("0x"+strings.Repeat("0", 40), "1"), ErrZeroAddress},
		"no amount":                {line(lower, ""), ErrAmount},
		"minus alone":              {line(lower, "-"), ErrAmount},
		"plus":                     {line(lower, "+1"), ErrAmount},
		"a fraction":               {line(lower, "1.5"), ErrAmount},
		"an exponent":              {line(lower, "1e18"), ErrAmount},
		"hex amount":               {line(lower, "0x10"), ErrAmount},
		"leading zero":             {line(lower, "01"), ErrAmount},
		"digits of another script": {line(lower, "١"), ErrAmount},
		"spaces":                   {line(lower, " 1"), ErrAmount},
		"underscores":              {line(lower, "1_000"), ErrAmount},
		"negative":                 {line(lower, "-1"), ErrNegative},
		"zero":                     {line(lower, "0"), ErrZeroAmount},
		"one above the greatest":   {line(lower, greatest[:77]+"6"), ErrOverflow},
		"a digit more":             {line(lower, greatest+"0"), ErrOverflow},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := Read(strings.NewReader(line("0x"+strings.Repeat("1", 40), "7") + c.line))
			if !errors.Is(err, c.want) || claims != nil {
				t.Fatalf("read %v, error %v, want %v", claims, err, c.want)
			}
			if !strings.HasPrefix(err.Error(), "line 2: ") || len(err.Error()) > 300 {
				t.Errorf("error is %.400q", err)
			}
		})
	}
}

func TestClaimsAreReadInAllTheWaysJSONHasForThem(t *testing.T) {
	var most uint256.Int
	most.SetAllOne()
	for name, c := range map[string]struct {
		text   string
		amount uint256.Int
	}{
		"plain":              {line(strings.ToLower(mixed), "12"), *uint256.NewInt(12)},
		"with checksum":      {line(mixed, "12"), *uint256.NewInt(12)},
		"in capitals":        {line("0x"+strings.ToUpper(mixed[2:]), "12"), *uint256.NewInt(12)},
		"the greatest":       {line(mixed, greatest), most},
		"amount first":       {`{"amount":"12","address":"` + mixed + "\"}\n", *uint256.NewInt(12)},
		"spaces":             {" {\t\"address\" : \"" + mixed + "\" , \"amount\" :\"12\" } \r\n", *uint256.NewInt(12)},
		"without line's end": {strings.TrimSpace(line(mixed, "12")), *uint256.NewInt(12)},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := Read(strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if claims.Len() != 1 || *claims.at(0) != (Claim{common.HexToAddress(mixed), c.amount}) {
				t.Errorf("read %v", claims.at(0))
			}
		})
	}
}

func TestNothingReadIsNoClaim(t *testing.T) {
	claims, err := Read(strings.NewReader(""))
	if err != nil || claims.Len() != 0 {
		t.Errorf("read %v, error %v", claims, err)
	}
}

func TestReadTellsThatItsInputFailed(t *testing.T) {
	broken := io.MultiReader(strings.NewReader(line(mixed, "12")+"{"), iotest.ErrReader(io.ErrClosedPipe))
	if claims, err := Read(broken); !errors.Is(err, io.ErrClosedPipe) || claims != nil {
		t.Errorf("read %v, error %v", claims, err)
	}
}

func TestReadingKeepsEveryClaim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawClaims(t)
		claims, err := Read(iotest.HalfReader(strings.NewReader(lines(want))))
		if err != nil {
			t.Fatal(err)
		}
		var got []Claim
		for i := range claims.Len() {
			got = append(got, *claims.at(uint32(i)))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("read %v, want %v", got, want)
		}
	})
}

// What is taken for a claim must be one for every other reader of JSON, too.
func FuzzWhatIsReadMeansTheSameInJSON(f *testing.F) {
	f.Add(line(mixed, "12"))
	f.Add(`{"amount":"` + greatest + `" , "address": "` + strings.ToLower(mixed) + `"}`)
	f.Add("{\"address\":\"0x\x00\",\"amount\":\"\\u0031\"}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.TrimSuffix(text, "\n"), "\n") {
			return // more than one line
		}
		claims, err := Read(strings.NewReader(text))
		if err != nil || claims.Len() == 0 {
			return
		}
		var want map[string]string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("%q was read, and JSON says %v", text, err)
		}
		got := claims.at(0)
		if len(want) != 2 || common.HexToAddress(want["address"]) != got.Account || want["amount"] != got.Amount.Dec() {
			t.Fatalf("%q was read as %v", text, got)
		}
	})
}
