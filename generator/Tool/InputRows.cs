using System.Globalization;
using Whence.Import;
using Whence.Tool.Given;

namespace Whence.Tool;

/// <summary>A network's row of input, made of what is given for each of its inputs.</summary>
internal sealed class InputRows
{
    /// <summary>One input, as the model and the network call it, and what is given for it.</summary>
    public sealed record Part(ImportedValue Input, string Name, GivenInput Given)
    {
        /// <summary>Where it begins in a row.</summary>
        public int Start { get; init; }

        /// <summary>How many numbers of a row it has: of tokens, their embeddings'.</summary>
        public int Size { get; init; }
    }

    private readonly INetwork network;
    private readonly Reading reading;

    /// <summary>Reads what is given.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, loaded.</param>
    /// <param name="words">A file or a text for each input in order, or INPUT=FILE.</param>
    /// <param name="reading">How files become numbers.</param>
    /// <exception cref="ImportException">What is given does not fit, or something is missing.</exception>
    public InputRows(ImportedModel model, INetwork network, IReadOnlyList<string> words, Reading reading)
    {
        (this.network, this.reading) = (network, reading);
        var byInput = Assigned(model, words);
        var (start, at) = (0, 0);
        for (var i = 0; i < model.Inputs.Count; i++)
        {
            var tensor = network.Signature.Inputs[at++];
            Parts.Add(new(model.Inputs[i], tensor.Name, byInput[i] is { } word ? Inputs.Read(word, model.Inputs[i], reading)
                : new("")) { Start = start, Size = Inputs.Count(Axes(tensor.Shape)) });
            start += Parts[i].Size;
            // Behind what may be shorter stands which positions there are.
            if (model.Inputs[i].IsVariable)
                start += Inputs.Count(Axes(network.Signature.Inputs[at++].Shape));
        }
        for (var i = 0; i < Parts.Count; i++)
        {
            if (byInput[i] is null)
                Parts[i] = Parts[i] with { Given = Filled(Parts[i].Input) };
        }
        if (Text is { Input.IsVariable: false } text && text.Given.Names.Count < Inputs.Count(text.Input.Axes) && !IsMasked(text))
            throw new ImportException($"The text is {text.Given.Names.Count} tokens, and '{Printable.Line(text.Input.Name)}' takes "
                + $"{Inputs.Count(text.Input.Axes)}: import for as many with --shape {Printable.Line(text.Input.Name)}=1,"
                + $"{text.Given.Names.Count}.");
        Row = Made(part => part.Given.Numbers);
    }

    /// <summary>The inputs, in order.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>The input that is a text, or null.</summary>
    public Part? Text => Parts.FirstOrDefault(part => part.Input.Kind == "Tokens" && part.Given.Names.Count > 0);

    /// <summary>The row.</summary>
    public float[] Row { get; }

    /// <summary>What is explained, for people.</summary>
    public string Title => string.Join(", ", Parts.Select(part => part.Given.Title).Where(title => title.Length > 0));

    /// <summary>What was done to make it fit.</summary>
    public IEnumerable<string> Notes => Parts.Select(part => part.Given.Note).Where(note => note.Length > 0);

    /// <summary>A row to compare with.</summary>
    /// <param name="word">A number, a file, or a token; null for the usual one.</param>
    /// <param name="name">What it is called.</param>
    /// <exception cref="ImportException">The word is none of these, or does not fit.</exception>
    public float[] Reference(string? word, out string name)
    {
        if (word is null && Text is { Given.Blank: { } blank } text)
        {
            name = text.Given.IsFrame.Contains(true) ? "[MASK] for every word" : "[MASK]";
            return Made(part => part == text ? Blanked(text, blank) : part.Given.Numbers);
        }
        if (word is null || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            var number = word is null ? 0 : float.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
            name = number == 0 ? "zeros" : $"{word} everywhere";
            var row = (float[])Row.Clone();
            foreach (var part in Parts.Where(part => part.Input.Kind != "Mask"))
                row.AsSpan(part.Start, part.Size).Fill(number);
            return row;
        }
        name = word;
        if (word is ['[', .., ']'] && Text is { } own)
        {
            var token = reading.Vocabulary is { } path ? Array.IndexOf(File.ReadAllLines(path), word) : -1;
            return token >= 0 ? Made(part => part == own ? Blanked(own, token) : part.Given.Numbers)
                : throw new ImportException($"{Printable.Line(word)} is not in the vocabulary.");
        }
        var given = Parts.First(part => part.Input.Kind != "Mask");
        var values = Inputs.Read(word, given.Input, reading).Numbers;
        return Made(part => part == given ? values : part.Given.Numbers);
    }

    // What every text has stays: it is about the words.
    private static float[] Blanked(Part text, int token) =>
        [.. text.Given.Numbers.Select((own, i) => i < text.Given.IsFrame.Count && !text.Given.IsFrame[i] ? token : own)];

    private float[] Made(Func<Part, float[]> values)
    {
        var row = new float[network.Signature.InputSize];
        var tokens = 0;
        foreach (var part in Parts)
        {
            if (part.Input.Kind == "Tokens")
                Embed(tokens++, values(part), part.Given.Names.Count, row);
            else
                values(part).CopyTo(row, part.Start);
            if (part.Input is { Kind: not "Tokens", IsVariable: true })
                row.AsSpan(part.Start + part.Size, part.Input.Axes[0]).Fill(1);
        }
        return row;
    }

    private void Embed(int input, float[] tokens, int length, float[] row)
    {
        var (own, info) = (Array.ConvertAll(tokens, token => (int)token), ((ITokenNetwork)network).TokenInputs[input]);
        foreach (var token in own.Where(token => token < 0 || token >= info.Vocabulary))
            throw new ImportException($"'{info.Name}' takes tokens from 0 to {info.Vocabulary - 1}, not {token}.");
        ((ITokenNetwork)network).Embed(input, own, info.Variable && length > 0 ? [length] : [], row, 1);
    }

    private static string?[] Assigned(ImportedModel model, IReadOnlyList<string> words)
    {
        var assigned = new string?[model.Inputs.Count];
        var next = 0;
        foreach (var word in words)
        {
            var named = model.Inputs.ToList().FindIndex(input => word.StartsWith(input.Name + "=", StringComparison.Ordinal));
            if (named < 0 && next == assigned.Length)
                throw new ImportException($"{words.Count} inputs are given, and the model has {assigned.Length}: "
                    + $"{string.Join(", ", model.Inputs.Select(input => $"'{Printable.Line(input.Name)}'"))}.");
            if (named >= 0)
                assigned[named] = word[(model.Inputs[named].Name.Length + 1)..];
            else
                assigned[next++] = word;
        }
        return assigned;
    }

    /// <summary>What an input is for which nothing is given: a mask is 1 where there are tokens, other tokens are 0.</summary>
    private GivenInput Filled(ImportedValue input)
    {
        var count = Inputs.Count(input.Axes);
        if (input.Kind == "Shape")
            throw new ImportException($"Nothing is given for '{Printable.Line(input.Name)}', {Shell.Axes(input.Axes)}: "
                + $"{Printable.Line(input.Name)}=FILE.");
        if (input.Kind == "Tokens")
            return new("") { Numbers = new float[count], Note = $"'{Printable.Line(input.Name)}' is taken to be 0." };
        var present = Text is { } text && Inputs.Count(text.Input.Axes) == count ? text.Given.Names.Count : count;
        return new("")
        {
            Numbers = [.. Enumerable.Range(0, count).Select(i => i < present ? 1f : 0)],
            Note = $"'{Printable.Line(input.Name)}' is taken to be 1{(present < count ? $" for {present} of {count}, and 0 behind" : "")}.",
        };
    }

    // Real numbers, one a token, may be a mask too.
    private bool IsMasked(Part text) => Parts.Any(part => part.Input.Kind != "Tokens"
        && Inputs.Count(part.Input.Axes) == Inputs.Count(text.Input.Axes));

    private static IEnumerable<int> Axes(Shape shape) => Enumerable.Range(0, shape.Rank).Select(axis => shape[axis]);
}
