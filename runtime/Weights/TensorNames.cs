#if WHENCE_GENERATOR
namespace Whence.Generator.Check;
#else
namespace Whence;
#endif

using System.Text;

/// <summary>
/// What the tensors of a layer may be called in a file, and which names of a file are nearest to a name that is not there. Written
/// once, for the error at compile time and the one at run time.
/// </summary>
internal static class TensorNames
{
    private const int SameShapeBonus = 3;

    // More than any network has; a file that was made to keep a compiler busy could have hundreds of thousands.
    private const int MostCompared = 10_000;

    /// <summary>Whether a tensor may lie in a file without any layer's asking for it: BatchNorm's count of training batches.</summary>
    public static bool IsIgnored(string tensor) => LastPart(tensor) == "num_batches_tracked";

    /// <summary>A tensor's full name: the layer's and the tensor's own last part, which is empty where the name is whole.</summary>
    public static string Join(string layer, string role) => role.Length == 0 ? layer : $"{layer}.{role}";

    /// <summary>A member's name as Python would spell it: in snake case, then, if it differs, in lower camel case.</summary>
    /// <remarks>
    /// A digit belongs to the word before it, and so does a capital behind a digit unless it begins a word:
    /// <c>Fc1</c> is fc1, <c>BN1</c> bn1, <c>Conv2DBlock</c> conv2d_block, <c>LSTMCell</c> lstm_cell.
    /// </remarks>
    public static IReadOnlyList<string> Of(string member)
    {
        var words = Words(member);
        if (words.Count == 0)
            return new[] { member };
        var snake = string.Join("_", words.Select(word => word.ToLowerInvariant()));
        var camel = words[0].ToLowerInvariant() + string.Concat(words.Skip(1).Select(Capitalised));
        return snake == camel ? new[] { snake } : new[] { snake, camel };
    }

    /// <summary>
    /// The names to look for, in order: fields and member in every spelling of <see cref="Of"/>, joined by dots, then the tensor's
    /// own name. A name given by the user stands for the member's, not for the fields' before it.
    /// </summary>
    /// <param name="fields">What each sub-network field that leads to the layer may be called, outermost first; empty adds nothing.</param>
    /// <param name="member">The layer's method.</param>
    /// <param name="given">The layer's <c>Name</c>, or null.</param>
    /// <param name="tensor">Such as <c>weight</c> or <c>running_mean</c>.</param>
    public static IReadOnlyList<string> Candidates(
        IEnumerable<IReadOnlyList<string>> fields, string member, string? given, string tensor)
    {
        IEnumerable<string> names = new[] { "" };
        foreach (var field in fields)
            names = Append(names, field);
        names = Append(names, given is null ? Of(member) : new[] { given });
        return names.Select(name => name + tensor).Distinct().ToArray();
    }

    /// <summary>What a field's name puts before those of the layers below it: itself and a dot, or nothing if it is empty.</summary>
    public static string Prefix(string field) => field.Length == 0 ? "" : field + ".";

    /// <summary>
    /// The names of a file that are nearest to those wanted, nearest first: by the number of letters to change, less for a tensor
    /// that has the wanted shape. A name that only adds a prefix ("module.fc1.weight") is as near as one changed letter. A weight that is
    /// there in parts is called by its own name.
    /// </summary>
    public static IReadOnlyList<string> Nearest(IReadOnlyList<string> wanted, IReadOnlyList<int> axes,
        IReadOnlyList<SafetensorsEntry> entries, int count = 3)
    {
        var names = new Lazy<HashSet<string>>(() => new HashSet<string>(entries.Select(entry => entry.Name), StringComparer.Ordinal));
        return entries
            .Take(MostCompared)
            .Where(entry => !IsIgnored(entry.Name))
            .Select(entry => new Near(Parametrisation.WeightOf(entry.Name, name => names.Value.Contains(name)), wanted, axes, entry))
            .Where(near => near.Rank < int.MaxValue)
            .OrderBy(near => near.Rank)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(count)
            .Select(near => near.Name)
            .ToArray();
    }

    /// <summary>The name that another probably means, by the number of letters to change; null if none is near.</summary>
    public static string? Nearest(string wanted, IEnumerable<string> names) =>
        names.Select(name => new Near(name, Edits(wanted.ToLowerInvariant(), name.ToLowerInvariant(), 1 + wanted.Length / 3)))
            .Where(near => near.Rank <= 1 + wanted.Length / 3).OrderBy(near => near.Rank).Select(near => near.Name)
            .FirstOrDefault();

    /// <summary>A name, and how near it is. A class: of each structure that LINQ goes over it is compiled ahead of time anew.</summary>
    private sealed class Near(string name, int rank)
    {
        public Near(string name, IReadOnlyList<string> wanted, IReadOnlyList<int> axes, SafetensorsEntry entry)
            : this(name, wanted.Min(one => TensorNames.Rank(one, axes, name, entry)))
        {
        }

        public string Name => name;

        public int Rank => rank;
    }

    private static int Rank(string wanted, IReadOnlyList<int> axes, string name, SafetensorsEntry entry)
    {
        var limit = 1 + wanted.Length / 3;
        var distance = Distance(wanted, name, limit);
        var sameShape = entry.HasAxes(axes);
        if (distance > limit && !(sameShape && LastPart(wanted) == LastPart(name)))
            return int.MaxValue;
        return distance - (sameShape ? SameShapeBonus : 0);
    }

    private static int Distance(string wanted, string found, int limit)
    {
        if (found.EndsWith("." + wanted, StringComparison.OrdinalIgnoreCase))
            return 1;
        return Math.Abs(wanted.Length - found.Length) > limit
            ? limit + 1
            : Edits(wanted.ToLowerInvariant(), found.ToLowerInvariant(), limit);
    }

    /// <summary>
    /// Letters to insert, drop, replace or swap with their neighbour (optimal string alignment); some number over the limit, if it is over.
    /// </summary>
    private static int Edits(string a, string b, int limit)
    {
        var above = new int[b.Length + 1];
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var next = new int[b.Length + 1];
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                next[j] = Math.Min(Math.Min(row[j], next[j - 1]) + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    next[j] = Math.Min(next[j], above[j - 2] + 1);
            }
            // A swap looks two rows back.
            if (next.Min() > limit && row.Min() > limit)
                return limit + 1;
            above = row;
            row = next;
        }
        return row[b.Length];
    }

    private static List<string> Append(IEnumerable<string> names, IReadOnlyList<string> parts) =>
        parts.SelectMany(part => names.Select(name => name + Prefix(part))).ToList();

    private static List<string> Words(string member)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < member.Length; i++)
        {
            if (word.Length > 0 && (member[i] == '_' || BeginsWord(member, i)))
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (member[i] != '_')
                word.Append(member[i]);
        }
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    private static bool BeginsWord(string member, int at) =>
        char.IsUpper(member[at]) && (char.IsLower(member[at - 1]) || (at + 1 < member.Length && char.IsLower(member[at + 1])));

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word.Substring(1);

    private static string LastPart(string tensor) => tensor.Substring(tensor.LastIndexOf('.') + 1);
}
