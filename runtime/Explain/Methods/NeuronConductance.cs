namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Conductance of one neuron, split over the inputs (arXiv 1805.12233): (x - x0) times the average on the path of the target's gradient at
/// the neuron times the neuron's gradient.
/// </summary>
internal struct NeuronConductance(string layer, int unit, StraightPath path) : IMethod
{
    private StraightPath path = path;

    public Recipe Recipe(Signature net)
    {
        var at = Check.Layer(net, layer, nameof(layer));
        Check.Unit(net.Points[at], unit, nameof(unit));
        path.Find();
        return new()
        {
            Name = "NeuronConductance", Rows = path.Points.Alphas.Length, Through = new Neuron(at, unit), Fold = Fold.WeightedSum,
            Finish = Finish.TimesDifference, Compares = true, Steps = path.Steps, Refines = path.Refines, Quadrature = path.Quadrature,
        };
    }

    public readonly void Place(int row, ref RowSpec spec) => path.Place(row, ref spec);

    public void Refine(int steps) => path.Take(steps);
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Conductance of one neuron, split over the inputs (arXiv 1805.12233): (x - x0) times the average on the path of the target's
    /// gradient at the neuron times the neuron's gradient. Of all calls of a layer, "Fc.*", a unit is of one call, and scores are summed
    /// over them, as those of <see cref="Conductance"/> are. Scores [count, InputSize].
    /// </summary>
    public static void NeuronConductance<T>(IModel<T> net, string layer, int unit, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, ScoreSpans<T> scores, PathOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new NeuronConductance(layer, unit, new(options)), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Conductance of one neuron of a named layer, split over the inputs (arXiv 1805.12233). Of a layer that is called several times "Fc.2"
    /// is the neuron in one call, and "Fc.*" its sum over all.
    /// </summary>
    public static Attribution NeuronConductance(this IIntegratedGradientsNetwork net, string layer, int unit, ReadOnlySpan<float> x,
        Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.NeuronConductance(layer, unit, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="NeuronConductance(IIntegratedGradientsNetwork, string, int, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions NeuronConductance(this IIntegratedGradientsNetwork net, string layer, int unit, ReadOnlySpan<float> x,
        int count,
        Targets targets, References<float> references = default, PathOptions? options = null) =>
        net.Explain(new NeuronConductance(layer, unit, new(options)), x, count, targets, references, options);
}
