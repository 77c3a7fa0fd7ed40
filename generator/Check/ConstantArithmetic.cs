using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Check;

/// <summary>
/// What is computed of constants alone, as far as it is arithmetic, and where it meets a tensor so that nothing finite comes of it: a
/// divisor of 0, a factor that a float cannot hold. Minus infinity may be a mask that is added to scores, and is none of that unless all of
/// it is.
/// </summary>
internal sealed class ConstantArithmetic
{
    // Beyond this many numbers each for itself, nothing is computed.
    private const int Most = 1 << 16;

    // One number where all are the same; null of what is not known.
    private readonly List<double[]?> values = [];
    private readonly List<Shape?> shapes = [];

    // Of a tensor: what numbers have made of another, one after the other, by which it is multiplied and to which it is added.
    private readonly List<(double Factor, double Shift)> affine = [];

    /// <summary>Takes the next node of a shaped graph; says what of it is never finite, or null.</summary>
    public string? Add(Node node)
    {
        shapes.Add(node.Shape);
        values.Add(null);
        affine.Add((1, 0));
        if (node.Shape is null)
            return null;
        var inputs = node.Inputs.Select(input => values[input]).ToList();
        if (inputs.Contains(null))
            return Met(node.Op, inputs) ?? Together(node, inputs);
        var made = Computed(node, inputs!);
        // It is said once, where it comes from; of a tensor of numbers, where they are written.
        if (made is not null && node.Inputs.Count > 0 && Wrong(node, made) is { } wrong)
            return wrong;
        if (made is not null && (node.Shape.Rank == 0 || !Array.Exists(made, double.IsNaN)))
            values[values.Count - 1] = made;
        return null;
    }

    /// <summary>Why a tensor's arithmetic with a constant gives nothing finite.</summary>
    private string? Met(Op op, IReadOnlyList<double[]?> inputs)
    {
        if (inputs.Count != 2 || (inputs[0] ?? inputs[1]) is not { } constant)
            return null;
        var isRight = inputs[0] is null;
        return op switch
        {
            Ops.Add or Subtract or Multiply or Divide when Array.Exists(constant, double.IsNaN) => "A tensor is put together with NaN",
            Divide when isRight => Element(constant, value => value == 0, "A tensor is divided by zero")
                ?? Element(constant, value => IsTooLarge(1 / value),
                    "A tensor is divided by a constant whose reciprocal a float cannot hold"),
            Multiply or Divide when !isRight || op is Multiply =>
                Element(constant, double.IsInfinity, "A tensor is put together with infinity")
                    ?? Element(constant, IsTooLarge, "A tensor is put together with a constant that a float cannot hold"),
            Ops.Add or Subtract when Array.TrueForAll(constant, double.IsInfinity) => "A tensor is put together with infinity",
            Ops.Add or Subtract when Array.TrueForAll(constant, IsTooLarge) =>
                "A tensor is put together with a constant that a float cannot hold",
            _ => null,
        };
    }

    /// <summary>
    /// Why numbers give nothing finite by which a tensor is multiplied, or to which it is added, one after the other.
    /// </summary>
    private string? Together(Node node, List<double[]?> inputs)
    {
        var tensor = inputs.IndexOf(null);
        var (factor, shift) = affine[node.Inputs[tensor]];
        var number = inputs.Count == 2 && inputs[1 - tensor] is [var same] ? same : double.NaN;
        (factor, shift) = (node.Op, tensor) switch
        {
            (Negate, _) => (-factor, -shift),
            (Reshape or Flatten or Dropout, _) => (factor, shift),
            (Ops.Add, _) => (factor, shift + number),
            (Subtract, 0) => (factor, shift - number),
            (Subtract, 1) => (-factor, number - shift),
            (Multiply, _) => (factor * number, shift * number),
            (Divide, 0) => (factor / number, shift / number),
            _ => (1, 0),
        };
        if (double.IsNaN(factor) || double.IsNaN(shift))
            return null;
        if (IsTooLarge(factor))
            return "A tensor is multiplied by constants whose product a float cannot hold";
        if (IsTooLarge(shift))
            return "A tensor is put together with constants that come to more than a float can hold";
        affine[affine.Count - 1] = (factor, shift);
        return null;
    }

    private static string? Element(double[] values, Predicate<double> isWrong, string what) =>
        Array.FindIndex(values, isWrong) is var i && i < 0 ? null : values.Length == 1 ? what : $"{what} at element {i}";

    /// <summary>Why what is computed of constants is no number.</summary>
    private static string? Wrong(Node node, double[] made)
    {
        var name = node.Function?.Name ?? node.Op.Name;
        var at = Array.FindIndex(made, double.IsNaN);
        if (at < 0)
            at = Array.FindIndex(made,
                value => double.IsPositiveInfinity(value) || node.Op is Elementwise && value > 0 && IsTooLarge(value));
        if (at < 0 && Array.TrueForAll(made, double.IsNegativeInfinity))
            at = 0;
        if (at < 0)
            return null;
        var what = double.IsNaN(made[at]) ? "not a number" : made[at] > 0 ? "infinite" : "minus infinity";
        return $"{name} of constants is {what}{(made.Length == 1 ? "" : $" at element {at}")}";
    }

    private static bool IsTooLarge(double value) => float.IsInfinity((float)value);

    private double[]? Computed(Node node, IReadOnlyList<double[]> inputs) => node.Op switch
    {
        Zeros => [0],
        Constant => Kept(node.Settings.Numbers("values")),
        Negate => Each(inputs[0], value => -value),
        Ops.Add => Both(node, inputs, (a, b) => a + b),
        Subtract => Both(node, inputs, (a, b) => a - b),
        Multiply => Both(node, inputs, (a, b) => a * b),
        Divide => Both(node, inputs, (a, b) => a / b),
        Elementwise when Function(node.Function) is { } function => Each(inputs[0], function),
        Reshape or Flatten or Dropout => inputs[0],
        Sum => Summed(node, inputs[0], 1),
        Mean => Summed(node, inputs[0], 1.0 / shapes[node.Inputs[0]]![node.Settings.Int("axis")]),
        Permute or Transpose or Slice or Gather or Reverse or Item or Last or Stack or Concat =>
            inputs.All(one => one.Length == 1 && one[0].Equals(inputs[0][0])) ? inputs[0] : null,
        _ => null,
    };

    private static double[]? Kept(double[] numbers) => Array.TrueForAll(numbers, value => value.Equals(numbers[0])) ? [numbers[0]] :
        numbers.Length <= Most ? numbers : null;

    private static double[] Each(double[] x, Func<double, double> function) => Array.ConvertAll(x, value => function(value));

    private double[]? Both(Node node, IReadOnlyList<double[]> inputs, Func<double, double, double> function)
    {
        var (a, b, shape) = (inputs[0], inputs[1], node.Shape!);
        if (a.Length == 1 && b.Length == 1)
            return [function(a[0], b[0])];
        if (shape.Size > Most)
            return null;
        var (first, second) = (shapes[node.Inputs[0]]!, shapes[node.Inputs[1]]!);
        return Kept(Enumerable.Range(0, shape.Size)
            .Select(i => function(a.Length == 1 ? a[0] : a[Spread(i, shape, first)], b.Length == 1 ? b[0] : b[Spread(i, shape, second)]))
            .ToArray());
    }

    /// <summary>Where the element at a place of a shape comes from, of a value whose axes of size 1 are repeated.</summary>
    private static int Spread(int place, Shape shape, Shape from)
    {
        var (offset, step) = (0, 1);
        for (var axis = from.Rank - 1; axis >= 0; place /= shape[axis], step *= from[axis], axis--)
            offset += from[axis] == 1 ? 0 : place % shape[axis] * step;
        return offset;
    }

    private double[]? Summed(Node node, double[] x, double factor)
    {
        var (shape, axis) = (shapes[node.Inputs[0]]!, node.Settings.Int("axis"));
        if (x.Length == 1)
            return [x[0] == 0 ? 0 : x[0] * shape[axis] * factor];
        var inner = Enumerable.Range(axis + 1, shape.Rank - axis - 1).Aggregate(1, (product, i) => product * shape[i]);
        var sums = new double[x.Length / shape[axis]];
        for (var i = 0; i < x.Length; i++)
            sums[i / (inner * shape[axis]) * inner + i % inner] += x[i] * factor;
        return Kept(sums);
    }

    /// <summary>A function of the runtime's that has a part of the line without a value, or grows beyond all bounds.</summary>
    private static Func<double, double>? Function(Function? function) =>
        function?.Type.StartsWith("global::Whence.Ops.", StringComparison.Ordinal) != true ? null : function.Name switch
        {
            "Log" => Math.Log,
            "Sqrt" => Math.Sqrt,
            "Exp" => Math.Exp,
            "Square" => x => x * x,
            "Abs" => Math.Abs,
            "Relu" => x => Math.Max(x, 0),
            "Sigmoid" => x => 1 / (1 + Math.Exp(-x)),
            "Tanh" => Math.Tanh,
            "Softplus" => x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
            "Reciprocal" => x => 1 / x,
            "ReciprocalSqrt" => x => 1 / Math.Sqrt(x),
            "Pow" => x => Math.Pow(x, function.Arguments[0]),
            "Clamp" => x => Math.Min(Math.Max(x, function.Arguments[0]), function.Arguments[1]),
            _ => null,
        };
}
