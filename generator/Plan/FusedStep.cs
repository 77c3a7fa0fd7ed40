namespace Whence.Generator.Plan;

/// <summary>
/// A product with weights with what its first factor is made of, where the product reads it, and with what is made of its numbers before
/// they are written. None of what lies between has a buffer.
/// </summary>
internal sealed class FusedStep(PlannedValue to, Step product, Formula factor, Formula finish)
    : Step(to, [.. factor.From, .. finish.From.Skip(1)])
{
    /// <summary>The product, a <see cref="DenseStep"/> or a <see cref="ConvolutionStep"/>.</summary>
    public Step Product { get; } = product;

    /// <summary>The product's weights.</summary>
    public PackedWeights Weights => Product is DenseStep dense ? dense.Weights : ((ConvolutionStep)Product).Weights;

    /// <summary>The product's first factor.</summary>
    public Formula Factor { get; } = factor;

    /// <summary>What is written; its first argument is the product's number.</summary>
    public Formula Finish { get; } = finish;

    /// <summary>Where in the sums over the steps of a path it is added; null of what is written to memory.</summary>
    public int? Sum { get; init; }

    /// <summary>From one row of what it writes to the next.</summary>
    public int Row { get; init; } = to.Size;

    /// <summary>What its steps do, in their order.</summary>
    public IReadOnlyList<(string Text, string Shape)> Comments { get; init; } = [];

    /// <summary>A product alone.</summary>
    public static FusedStep Of(Step product) => new(product.To, product, Formula.Of(product.From[0]),
        new Formula(Formula.Applied(Then(product), new Graphs.Argument(0)), [product.To], [null]))
    {
        Guard = product.Guard, Named = product.Named, Comments = [(product.Comment, product.To.Shape.ToString())],
    };

    /// <summary>The same with its rows so far apart.</summary>
    public FusedStep Into(int row) =>
        new(To, Product, Factor, Finish) { Guard = Guard, Named = Named, Sum = Sum, Comments = Comments, Row = row };

    private static Graphs.Function? Then(Step product) => product is DenseStep dense ? dense.Then : ((ConvolutionStep)product).Then;

    /// <summary>The same in another form, after a step that it takes in.</summary>
    public FusedStep With(PlannedValue to, Formula factor, Formula finish, int? sum, params IEnumerable<Step> taken) =>
        new(to, Product, factor, finish)
        {
            Guard = Guard, Named = Named, Sum = sum, Row = Row,
            Comments = [.. taken.Select(step => (step.Comment, step.To.Shape.ToString())), .. Comments],
        };
}

/// <summary>
/// Two products of the same weights, at most the first with a bias, each written at once to its place in the same rows: one launch over the
/// rows of both.
/// </summary>
internal sealed class TwiceStep(FusedStep first, FusedStep second) : Step(first.To, [.. first.From, .. second.From, second.To])
{
    public FusedStep First { get; } = first;

    public FusedStep Second { get; } = second;

    /// <summary>Of two steps, the first of which comes before; null where they are no such products, or one waits for the other.</summary>
    public static TwiceStep? Of(Step one, Step other, IEnumerable<Step> between, Limits limits)
    {
        if (one is not FusedStep { Finish.Expr: Graphs.Argument, Sum: null } first || first.To.Storage != Storage.Written
            || other is not FusedStep { Finish.Expr: Graphs.Argument, Sum: null } second || second.To.Storage != Storage.Written)
            return null;
        var isSame = first.Weights with { Source = first.Weights.Source with { Bias = false } } == second.Weights
            && first.Product.GetType() == second.Product.GetType()
            && (first.Product as DenseStep)?.Repeat == (second.Product as DenseStep)?.Repeat;
        return isSame && first.Row == second.Row && first.To.Size == second.To.Size && first.To.Offset < second.To.Offset
            && first.Factor.From.Count + second.Factor.From.Count <= limits.FactorOperands
            && !between.Append(second).Any(step => step.From.Contains(first.To))
            ? new TwiceStep(first, second) { Guard = first.Guard }
            : null;
    }
}
