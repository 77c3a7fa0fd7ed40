namespace Whence;

using Whence.Authoring;

/// <summary>
/// The points of a method's straight path from the reference to the input: its caller's own, or as many as the options say.
/// </summary>
internal struct StraightPath(PathOptions? options)
{
    private readonly PathOptions options = options ?? PathOptions.Default;

    /// <summary>The points; known after <see cref="Find"/>.</summary>
    public PathPoints Points { get; private set; } = null!;

    /// <summary>How many steps the points stand for.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether steps may be doubled.</summary>
    public readonly bool Refines => options.Points is null;

    /// <summary>The rule that chose the points; null if the caller did.</summary>
    public readonly Quadrature? Quadrature => options.Points is null ? options.Quadrature : null;

    /// <summary>How <see cref="SpanExplainers.Conductance"/> sums.</summary>
    public readonly ConductanceSum ConductanceSum => options.ConductanceSum;

    /// <summary>Whether the path is followed from kink to kink; points are for where that takes too long.</summary>
    public readonly bool IsExact => options.Points is null && options.Quadrature == Whence.Quadrature.Exact;

    /// <summary>Finds the points, if that was not done: the sum between n steps' neighbouring points takes n + 1 of them.</summary>
    public void Find(bool between = false, bool mayBeExact = false)
    {
        if (Points is not null)
            return;
        Check.Options(options);
        if (IsExact && !mayBeExact)
            throw new ArgumentException("Quadrature.Exact is for IntegratedGradients alone: this method sums over points of the path.",
                nameof(options));
        if (options.Points is { } own)
            (Points, Steps) = (own, own.Alphas.Length);
        else
            Take(options.Steps, between);
    }

    /// <summary>Takes so many steps from now on.</summary>
    public void Take(int steps, bool between = false) =>
        (Points, Steps) = (PathPoints.Rule(Rule, between ? steps + 1 : steps), steps);

    private readonly Quadrature Rule => IsExact ? Whence.Quadrature.Midpoint : options.Quadrature;

    /// <summary>Takes the points in the order of the path.</summary>
    public void Sort() => Points = Points.InOrder;

    /// <summary>Puts a row at its point.</summary>
    public readonly void Place(int row, ref RowSpec spec) =>
        (spec.Alpha, spec.Weight, spec.Cut) = (Points.Alphas[row], Points.Weights[row], Points.Cuts[row + 1]);
}
