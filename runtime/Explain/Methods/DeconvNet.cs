namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.DeconvNet</c>.</summary>
public interface IDeconvNetwork : INetwork;

/// <summary>DeconvNet (Zeiler and Fergus 2013): the gradient, with activations applied to the signal that goes back.</summary>
internal readonly struct DeconvNet : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "DeconvNet", Pass = Pass.DeconvNet,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

/// <summary>DeconvNet times (input - reference).</summary>
internal readonly struct DeconvNetTimesInput : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "DeconvNetTimesInput", Pass = Pass.DeconvNet, Finish = Finish.TimesDifference, Compares = true,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>DeconvNet (Zeiler and Fergus 2013); scores [count, InputSize].</summary>
    public static void DeconvNet<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new DeconvNet(), x, count, targets, default, scores, options);

    /// <summary>DeconvNet times (input - reference); scores [count, InputSize].</summary>
    public static void DeconvNetTimesInput<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new DeconvNetTimesInput(), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>DeconvNet (Zeiler and Fergus 2013).</summary>
    public static Attribution DeconvNet(this IDeconvNetwork net, ReadOnlySpan<float> x, Target target, ExplainOptions? options = null) =>
        net.DeconvNet(x, 1, target, options)[0];

    /// <inheritdoc cref="DeconvNet(IDeconvNetwork, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions DeconvNet(this IDeconvNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ExplainOptions? options = null) =>
        net.Explain(new DeconvNet(), x, count, targets, default, options);

    /// <summary>DeconvNet times (input - reference).</summary>
    public static Attribution DeconvNetTimesInput(this IDeconvNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, ExplainOptions? options = null) =>
        net.DeconvNetTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc cref="DeconvNetTimesInput(IDeconvNetwork, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions DeconvNetTimesInput(this IDeconvNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new DeconvNetTimesInput(), x, count, targets, references, options);
}
