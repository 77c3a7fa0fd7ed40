using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The same elements in row-major order under other axes, one of the two shapes having one axis: setting "axes".</summary>
internal sealed class Relabel : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(settings.Ints("axes"));

    public override long Cost(Node node, IReadOnlyList<Node> nodes) => 0;

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.Relabel(m, d.Shape(d.Forward[node].Inputs[0]));

    public override int Apply(Derivation d, int node, int[] inputs) => d.Relabel(inputs[0], d.Shape(node));
}

/// <summary>Values one after the other along an axis: setting "axis".</summary>
internal sealed class Join : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override int Arity => -1;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), inputs.Sum(x => x[settings.Int("axis")]));

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var of = d.Forward[node];
        var axis = of.Settings.Int("axis");
        var start = Enumerable.Range(0, input).Sum(i => d.Shape(of.Inputs[i])[axis]);
        var shape = d.Shape(of.Inputs[input]);
        return d.Add(Registry.Cut, Settings.Of(("axis", axis), ("start", start), ("length", shape[axis])), shape, m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);
}

/// <summary>A stretch of an axis: settings "axis", "start" and "length".</summary>
internal sealed class Cut : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), settings.Int("length"));

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var (settings, shape) = (d.Forward[node].Settings, d.Shape(d.Forward[node].Inputs[0]));
        var (axis, start) = (settings.Int("axis"), settings.Int("start"));
        var after = shape[axis] - start - settings.Int("length");
        return d.Add(Registry.Border, Settings.Of(("axis", axis), ("before", start), ("after", after), ("value", 0)), shape, m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);
}

/// <summary>A constant before and after an axis: settings "axis", "before", "after" and "value".</summary>
internal sealed class Border : LinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), inputs[0][settings.Int("axis")] + settings.Int("before") + settings.Int("after"));

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var (settings, shape) = (d.Forward[node].Settings, d.Shape(d.Forward[node].Inputs[0]));
        var axis = settings.Int("axis");
        return d.Add(Registry.Cut, Settings.Of(("axis", axis), ("start", settings.Int("before")), ("length", shape[axis])), shape, m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) =>
        d.Add(this, d.Forward[node].Settings.With("value", 0), d.Shape(node), inputs);

    public override double Least(Node node, Steepness known) => Math.Min(known.Least(node.Inputs[0]), node.Settings.Number("value"));
}

/// <summary>Axis 0 backwards.</summary>
internal sealed class Flip : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Transpose(Derivation d, int node, int input, int m) => d.Add(this, Settings.None, d.Shape(node), m);

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, Settings.None, d.Shape(node), inputs);
}
