using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// A table's row for each token. What it gives is what a row of input holds, so that in core operators it is an input, and explanations are
/// about it.
/// </summary>
internal sealed class Embedding : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        settings.Int("vocabulary") < 1 || settings.Int("width") < 1
            ? $"has a table of {settings.Int("vocabulary")} rows of {settings.Int("width")}, but needs at least 1 of each" :
        inputs[0].Rank != 1 ? $"takes tokens as [length], not {inputs[0]}" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(inputs[0][0], settings.Int("width"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) => Table(settings);

    public override int Expand(Expansion x) => x.Input();

    /// <summary>The one tensor that it reads.</summary>
    public static IEnumerable<Parameter> Table(Settings settings) =>
        LayerParameters.Embedding(settings.Int("vocabulary"), settings.Int("width"));
}

/// <summary>
/// A table's rows for tokens written in Forward, setting "tokens": the positions of a text, a token that begins it. They are the same for
/// every example, so that nothing is attributed to them.
/// </summary>
internal sealed class ConstantEmbedding : Op
{
    public override string Name => nameof(Embedding);

    public override int Arity => 0;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (tokens, vocabulary) = (settings.Numbers("tokens"), settings.Int("vocabulary"));
        var wrong = tokens.Where(token => token != Math.Floor(token) || token < 0 || token >= vocabulary).ToList();
        return wrong.Count == 0
            ? null
            : $"takes tokens from 0 to {vocabulary - 1}, not {wrong[0].ToString("R", System.Globalization.CultureInfo.InvariantCulture)}";
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(settings.Numbers("tokens").Length, settings.Int("width"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) => Embedding.Table(settings);

    public override int Expand(Expansion x) => x.Loaded(WeightKind.Rows);
}
