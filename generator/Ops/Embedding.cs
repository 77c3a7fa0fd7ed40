using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// A table's row for each token. What it gives is what a row of input holds, so that in core operators it is an input, and explanations are about it.
/// </summary>
internal sealed class Embedding : Op
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(inputs[0][0], settings.Int("width"));

    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        [new("weight", new Shape(settings.Int("vocabulary"), settings.Int("width")))];

    public override int Expand(Expansion x) => x.Input();
}
