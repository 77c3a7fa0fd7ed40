using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>
/// Parts of programs that are the same but for names and numbers, written as one method: it reads as the first of them does, and is given
/// what is another in each.
/// </summary>
internal sealed class SharedPart
{
    private readonly IReadOnlyList<PartText> places;
    private readonly Func<string, string?> typeOf;
    private readonly List<(string Type, string Name, IReadOnlyList<string> Given)> parameters = [];
    private readonly Dictionary<(int Line, int Word), string> renamed = [];

    // Of each place the lines that are no comments, of which all have as many.
    private readonly List<List<IReadOnlyList<Word>>> code;

    /// <param name="places">The parts.</param>
    /// <param name="typeOf">A field's type.</param>
    public SharedPart(IReadOnlyList<PartText> places, Func<string, string?> typeOf)
    {
        (this.places, this.typeOf) = (places, typeOf);
        code = places.Select(place => place.Words.Where((_, i) => !PartText.IsComment(place.Lines[i])).ToList()).ToList();
        var names = new Taken([.. code[0].SelectMany(line => line).Select(word => word.Text).Distinct()]);
        var known = new Dictionary<string, string>();
        for (var line = 0; line < code[0].Count; line++)
        {
            for (var word = 0; word < code[0][line].Count; word++)
                Unify(line, word, names, known);
        }
        // Fields first: they say which layers it is.
        var ordered = parameters.OrderBy(parameter => parameter.Type == "int").ToList();
        parameters.Clear();
        parameters.AddRange(ordered);
    }

    /// <summary>The method's name, once it has one.</summary>
    public string? Name { get; set; }

    /// <summary>How many parts it stands for.</summary>
    public int Places => places.Count;

    /// <summary>The parameters beside those of every part: ", int reluAt".</summary>
    public string Parameters => string.Concat(parameters.Select(parameter => $", {parameter.Type} {parameter.Name}"));

    /// <summary>What one of the parts gives for the parameters, in order.</summary>
    public IEnumerable<string> Arguments(int place) => parameters.Select(parameter => parameter.Given[place]);

    /// <summary>Writes the method's statements.</summary>
    public void Write(SourceWriter to)
    {
        var comments = places.Select(place => place.Lines.Where(PartText.IsComment).ToList()).ToList();
        var (line, comment) = (0, 0);
        foreach (var text in places[0].Lines)
        {
            if (PartText.IsComment(text))
                to.Comment(Said(comments, comment++).Substring(3));
            else
                Write(to, line++);
        }
    }

    private void Write(SourceWriter to, int line)
    {
        var text = string.Concat(code[0][line].Select((word, i) => renamed.TryGetValue((line, i), out var name) ? name : word.Text))
            .Replace("(rows * 0,", "(0,").Replace("[0..]", "");
        if (text.Contains('"'))
            to.Line(text);
        else
            to.Statement(text);
    }

    // Of the first; its shape only if the others' is the same.
    private static string Said(List<List<string>> comments, int index)
    {
        var first = comments[0][index];
        var last = PartText.WithoutShape(first);
        var shape = first.Substring(last.Length);
        return comments.All(place => place.Count == comments[0].Count && place[index].EndsWith(shape, StringComparison.Ordinal))
            ? first
            : last;
    }

    private void Unify(int line, int word, Taken names, Dictionary<string, string> known)
    {
        var (kind, text) = code[0][line][word];
        if (kind is WordKind.Fixed or WordKind.Local)
            return;
        var given = code.Select(place => place[line][word].Text).ToList();
        if (given.All(other => other == text))
            return;
        var type = kind switch { WordKind.Number => "int", WordKind.Quoted => "string", _ => typeOf(text)! };
        var key = type + "\n" + string.Join("\n", given);
        if (!known.TryGetValue(key, out var name))
        {
            known[key] = name = names.Take(NameOf(kind, text, line, word));
            parameters.Add((type, name, given));
        }
        renamed[(line, word)] = name;
    }

    // Where a local lies, and how large it is, is named after it.
    private string NameOf(WordKind kind, string text, int line, int word)
    {
        if (kind == WordKind.Field)
            return char.ToLowerInvariant(text[0]) + text.Substring(1);
        if (kind == WordKind.Quoted)
            return "text";
        var words = code[0][line];
        if (words[0].Text != "var")
            return "n";
        var isSize = words.Take(word).Count(other => other.Text == "rows") == 2;
        return words[2].Text + (isSize ? "Size" : "At");
    }
}
