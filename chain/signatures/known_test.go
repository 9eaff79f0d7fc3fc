package signatures

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
)

func TestEveryKnownSignatureIsReadFromWhatGethEncodes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, s := range knownSignatures(t) {
		for range 4 {
			values := draw(rnd, s)
			topics, data := encode(t, s, values)
			got, ok := lookUp(Known(), s, topics, data)
			if !ok {
				t.Fatalf("%s: not read: %x", s.canonical(), data)
			}
			if diff := cmp.Diff(expected(s, topics, values), got); diff != "" {
				t.Fatalf("%s:\n%s", s.canonical(), diff)
			}
		}
	}
}

func TestEveryKnownSignatureHashesAsInGeth(t *testing.T) {
	for _, s := range knownSignatures(t) {
		args := arguments(t, s)
		id := abi.NewError(s.name, args).ID
		if s.kind == event {
			id = abi.NewEvent(s.name, s.name, false, args).ID
		}
		if id != s.hash {
			t.Errorf("%s: %s, want %s", s.canonical(), s.hash, id)
		}
	}
}

func TestTheKnownSignaturesAreWrittenOnceAndDoNotCollide(t *testing.T) {
	seen := make(map[string]string)
	for _, s := range knownSignatures(t) {
		key := fmt.Sprintf("%s %x", s.kind, s.selector())
		if s.kind == event {
			key = fmt.Sprintf("%x %d", s.hash, s.indexed())
		}
		if twin, ok := seen[key]; ok {
			t.Errorf("%s and %s can't be told apart", s.canonical(), twin)
		}
		seen[key] = s.canonical()
	}
}

// A name is given only to what an encoder makes, so encoding again gives the same bytes.
func FuzzRead(f *testing.F) {
	all := knownSignatures(f)
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range 40 {
		s := all[(i*31)%len(all)]
		_, data := encode(f, s, draw(rnd, s))
		f.Add(uint16((i*31)%len(all)), data)
	}
	f.Fuzz(func(t *testing.T, which uint16, data []byte) {
		s := all[int(which)%len(all)]
		topics := make([]common.Hash, s.indexed())
		named, ok := s.readLog(topics, data)
		if !ok {
			return
		}
		for _, a := range named.Args {
			if utf8.RuneCountInString(a.Value) > maxText || !utf8.ValidString(a.Value) {
				t.Fatalf("%s %s: %q", s.canonical(), a.Name, a.Value)
			}
		}
		args := arguments(t, s).NonIndexed()
		values, err := args.Unpack(data)
		if err != nil {
			t.Fatalf("%s: %x: %v", s.canonical(), data, err)
		}
		again, err := args.Pack(values...)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%s: %x is encoded as %x, %v", s.canonical(), data, again, err)
		}
	})
}

func knownSignatures(t testing.TB) []*signature {
	t.Helper()
	var all []*signature
	for i, line := range strings.Split(knownLines, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		s, err := parseLine(line)
		if err != nil {
			t.Fatalf("known.txt:%d: %v", i+1, err)
		}
		all = append(all, s)
	}
	return all
}

func lookUp(b *Book, s *signature, topics []common.Hash, data []byte) (Named, bool) {
	id := s.selector()
	switch s.kind {
	case event:
		return b.Event(append([]common.Hash{s.hash}, topics...), data)
	case failure:
		return b.Error(append(id[:], data...))
	default:
		return b.Call(append(id[:], data...))
	}
}

// arguments are the arguments of a signature as geth's own package has them: what is tested is not asked.
func arguments(t testing.TB, s *signature) abi.Arguments {
	t.Helper()
	args := make(abi.Arguments, len(s.params))
	for i, p := range s.params {
		m := marshaling(p.typ, p.name)
		gethType, err := abi.NewType(m.Type, "", m.Components)
		if err != nil {
			t.Fatalf("%s: %v", s.canonical(), err)
		}
		args[i] = abi.Argument{Name: p.name, Type: gethType, Indexed: p.indexed}
	}
	return args
}

func marshaling(t *typ, name string) abi.ArgumentMarshaling {
	switch t.class {
	case list, array:
		m := marshaling(t.elem, name)
		m.Type += strings.TrimPrefix(t.name, t.elem.name)
		return m
	case tuple:
		m := abi.ArgumentMarshaling{Name: name, Type: "tuple"}
		for i, f := range t.fields {
			m.Components = append(m.Components, marshaling(f, "f"+strconv.Itoa(i)))
		}
		return m
	default:
		return abi.ArgumentMarshaling{Name: name, Type: t.name}
	}
}

func draw(rnd *rand.Rand, s *signature) []any {
	values := make([]any, len(s.params))
	for i, p := range s.params {
		values[i] = drawValue(rnd, p.typ).Interface()
	}
	return values
}

func drawValue(rnd *rand.Rand, t *typ) reflect.Value {
	m := marshaling(t, "v")
	gethType, err := abi.NewType(m.Type, "", m.Components)
	if err != nil {
		panic(err)
	}
	v := reflect.New(gethType.GetType()).Elem()
	switch t.class {
	case unsigned, signed:
		bits := t.size
		if t.class == signed {
			bits--
		}
		n := new(big.Int).SetBytes(drawBytes(rnd, 32))
		n.Rsh(n, uint(256-rnd.IntN(bits+1)))
		if t.class == signed && rnd.IntN(2) == 0 {
			n.Not(n)
		}
		switch {
		case v.Kind() == reflect.Pointer:
			return reflect.ValueOf(n)
		case v.CanInt():
			v.SetInt(n.Int64())
		default:
			v.SetUint(n.Uint64())
		}
	case boolean:
		v.SetBool(rnd.IntN(2) == 0)
	case address, fixedBytes:
		reflect.Copy(v, reflect.ValueOf(drawBytes(rnd, v.Len())))
	case dynamicBytes:
		v.SetBytes(drawBytes(rnd, rnd.IntN(70)))
	case text:
		v.SetString(hex.EncodeToString(drawBytes(rnd, rnd.IntN(40))))
	case list:
		n := rnd.IntN(3)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			v.Index(i).Set(drawValue(rnd, t.elem))
		}
	case array:
		for i := range t.size {
			v.Index(i).Set(drawValue(rnd, t.elem))
		}
	case tuple:
		for i, f := range t.fields {
			v.Field(i).Set(drawValue(rnd, f).Convert(v.Field(i).Type()))
		}
	}
	return v
}

func drawBytes(rnd *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

// encode is what a contract would say: topics for the indexed arguments, data for the others.
func encode(t testing.TB, s *signature, values []any) ([]common.Hash, []byte) {
	t.Helper()
	args := arguments(t, s)
	var topics []common.Hash
	var standing []any
	for i, a := range args {
		if !a.Indexed {
			standing = append(standing, values[i])
			continue
		}
		topic := common.HexToHash("0x6b6563") // any hash, for what is hashed
		if !hashed(s.params[i].typ) {
			one := abi.Arguments{{Type: a.Type}}
			packed, err := one.Pack(values[i])
			if err != nil {
				t.Fatalf("%s: %v", s.canonical(), err)
			}
			topic = common.BytesToHash(packed)
		}
		topics = append(topics, topic)
	}
	data, err := args.NonIndexed().Pack(standing...)
	if err != nil {
		t.Fatalf("%s: %v", s.canonical(), err)
	}
	return topics, data
}

func hashed(t *typ) bool { return t.dynamic || t.class == array || t.class == tuple }

func expected(s *signature, topics []common.Hash, values []any) Named {
	named := Named{Name: s.name, Args: []Arg{}}
	for i, p := range s.params {
		value := say(reflect.ValueOf(values[i]), false)
		if p.indexed {
			if hashed(p.typ) {
				value = "keccak256:" + topics[0].Hex()
			}
			topics = topics[1:]
		}
		if len(value) > maxText-1 {
			value = value[:maxText-1] + "…"
		}
		named.Args = append(named.Args, Arg{p.name, p.typ.name, value})
	}
	return named
}

func say(v reflect.Value, inside bool) string {
	switch x := v.Interface().(type) {
	case *big.Int:
		return x.String()
	case common.Address:
		return x.Hex()
	case []byte:
		return "0x" + hex.EncodeToString(x)
	case string:
		if inside {
			return strconv.Quote(x)
		}
		return x
	}
	switch v.Kind() {
	case reflect.Struct:
		return "(" + sayAll(v.NumField(), v.Field) + ")"
	case reflect.Slice:
		return "[" + sayAll(v.Len(), v.Index) + "]"
	case reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return fmt.Sprintf("0x%x", v.Interface())
		}
		return "[" + sayAll(v.Len(), v.Index) + "]"
	}
	return fmt.Sprint(v.Interface())
}

func sayAll(n int, of func(int) reflect.Value) string {
	words := make([]string, n)
	for i := range words {
		words[i] = say(of(i), true)
	}
	return strings.Join(words, ", ")
}
