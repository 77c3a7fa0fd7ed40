using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>A parameter of Forward. Its shape is declared, not inferred.</summary>
internal class Input : Op
{
    public override int Arity => 0;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        throw new InvalidOperationException("An input's shape is declared.");
}

/// <summary>
/// An input that is held fixed, such as a mask: it has a place in the row of input, but nothing is attributed to it. With an input, it says
/// which positions of those tokens are present.
/// </summary>
internal sealed class MaskInput : Input;

/// <summary>
/// A parameter of Forward that holds tokens, [length], with setting "variable" if there may be fewer. Only embeddings read it.
/// </summary>
internal sealed class TokenInput : Op
{
    public override int Arity => 0;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        throw new InvalidOperationException("An input's shape is declared.");

    // A row of input holds the embeddings of tokens, not the tokens.
    public override int Expand(Expansion x) => -1;
}
