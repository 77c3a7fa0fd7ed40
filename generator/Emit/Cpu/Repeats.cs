namespace Whence.Generator.Emit.Cpu;

/// <summary>Finds in sequences of steps what comes again and again, but for names and numbers: what is written once and called.</summary>
internal sealed class Repeats
{
    // So few characters of text are not worth a method.
    private const int Least = 400;

    // What a call takes, and each of what it is given, about.
    private const int Call = 60;
    private const int Argument = 10;

    // Fowler, Noll and Vo's hash.
    private const ulong Basis = 14695981039346656037UL;
    private const ulong EndOfWord = 0xFFFF;

    private readonly IReadOnlyList<IReadOnlyList<Item>> sequences;
    private readonly int longest;
    private readonly Dictionary<(ulong Hash, int Length), Stretch> found = [];
    private readonly List<(int Sequence, int At, int Length)> chosen = [];
    private readonly List<bool[]> taken;

    /// <summary>A step: its words, without those between them, and how long its text is.</summary>
    public sealed class Item(IReadOnlyList<Word> words, Func<Word, string> kindOf, int length)
    {
        public IReadOnlyList<Word> Words => words;

        /// <summary>What has to be the same, but for which local is which.</summary>
        public ulong Hash { get; } = words.Aggregate(Basis, (hash, word) => Mix(Mix(hash, kindOf(word)), EndOfWord));

        /// <summary>The locals, in order.</summary>
        public string[] Locals { get; } = words.Where(word => word.Kind == WordKind.Local).Select(word => word.Text).ToArray();

        public int Length => length;

        /// <summary>Whether it belongs to no stretch.</summary>
        public bool IsAlone { get; init; }
    }

    /// <summary>Stretches that are the same, the places that are still free, and what there is to save, at most.</summary>
    private sealed class Stretch(int length)
    {
        public int Length => length;

        public List<(int Sequence, int At)> Places { get; set; } = [];

        public int Saved { get; set; }
    }

    private Repeats(IReadOnlyList<IReadOnlyList<Item>> sequences, int longest)
    {
        (this.sequences, this.longest) = (sequences, longest);
        taken = sequences.Select(sequence => new bool[sequence.Count]).ToList();
        for (var i = 0; i < sequences.Count; i++)
        {
            for (var at = 0; at < sequences[i].Count; at++)
                FindFrom(i, at);
        }
    }

    /// <summary>The stretches that repeat, none longer than <paramref name="longest"/>, which do not overlap.</summary>
    public static IReadOnlyList<(int Sequence, int At, int Length)> Of(IReadOnlyList<IReadOnlyList<Item>> sequences, int longest)
    {
        var repeats = new Repeats(sequences, longest);
        repeats.Choose();
        return repeats.chosen;
    }

    // What saves most is taken first. What another takes of a stretch's places only makes it worth less: it is counted again when its turn
    // comes.
    private void Choose()
    {
        var open = found.Values.Where(stretch => stretch.Places.Count > 1).ToList();
        foreach (var stretch in open)
            Count(stretch);
        while (Most(open) is { } most)
        {
            var expected = most.Saved;
            Count(most);
            if (most.Saved == expected)
                Take(most);
        }
    }

    private static Stretch? Most(List<Stretch> open)
    {
        Stretch? most = null;
        foreach (var stretch in open)
        {
            if (stretch.Saved > (most?.Saved ?? Least))
                most = stretch;
        }
        return most;
    }

    private void Count(Stretch stretch)
    {
        stretch.Places = Apart(stretch.Places, stretch.Length);
        stretch.Saved = stretch.Places.Count < 2 ? 0 : Saved(stretch.Places, stretch.Length);
    }

    // All stretches that begin here. Two have one hash if they are the same but for names and numbers.
    private void FindFrom(int sequence, int at)
    {
        var order = new Dictionary<string, int>();
        var hash = Basis;
        for (var length = 1; length <= longest && at + length <= sequences[sequence].Count; length++)
        {
            var item = sequences[sequence][at + length - 1];
            if (item.IsAlone)
                return;
            hash = Mix(hash, item.Hash);
            foreach (var local in item.Locals)
            {
                if (!order.TryGetValue(local, out var known))
                    order[local] = known = order.Count;
                hash = Mix(hash, (ulong)known + 1);
            }
            if (!found.TryGetValue((hash, length), out var places))
                found[(hash, length)] = places = new Stretch(length);
            places.Places.Add((sequence, at));
        }
    }

    private static ulong Mix(ulong hash, ulong value) => unchecked((hash ^ value) * 1099511628211UL);

    private static ulong Mix(ulong hash, string text)
    {
        foreach (var letter in text)
            hash = Mix(hash, letter);
        return hash;
    }

    private List<(int Sequence, int At)> Apart(IReadOnlyList<(int Sequence, int At)> places, int length)
    {
        var apart = new List<(int Sequence, int At)>();
        foreach (var (sequence, at) in places)
        {
            var isFree = apart.Count == 0 || apart[^1].Sequence != sequence || apart[^1].At + length <= at;
            for (var i = at; isFree && i < at + length; i++)
                isFree = !taken[sequence][i];
            if (isFree)
                apart.Add((sequence, at));
        }
        return apart;
    }

    private int Saved(IReadOnlyList<(int Sequence, int At)> places, int length)
    {
        var (sequence, at) = places[0];
        var (text, given) = (0, 0);
        var known = new HashSet<string>();
        for (var i = at; i < at + length; i++)
        {
            var item = sequences[sequence][i];
            text += item.Length;
            foreach (var word in item.Words)
            {
                if (word.Kind is WordKind.Local or WordKind.Field or WordKind.Number && known.Add(word.Text))
                    given += word.Kind == WordKind.Field ? word.Text.Length : Argument;
            }
        }
        return (places.Count - 1) * text - places.Count * (Call + given);
    }

    private void Take(Stretch stretch)
    {
        foreach (var (sequence, at) in stretch.Places)
        {
            chosen.Add((sequence, at, stretch.Length));
            for (var i = at; i < at + stretch.Length; i++)
                taken[sequence][i] = true;
        }
        stretch.Saved = 0;
    }
}
