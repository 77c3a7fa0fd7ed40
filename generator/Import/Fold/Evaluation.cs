using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>
/// What an operator gives whose inputs are constants: shape arithmetic, and weights that the exporter left to be computed.
/// </summary>
internal static class Evaluation
{
    private static readonly Dictionary<string, Func<double, double>> OfOne = new()
    {
        ["Neg"] = x => -x, ["Sqrt"] = Math.Sqrt, ["Exp"] = Math.Exp, ["Log"] = Math.Log, ["Floor"] = Math.Floor, ["Ceil"] = Math.Ceiling,
        ["Round"] = x => Math.Round(x, MidpointRounding.ToEven), ["Abs"] = Math.Abs, ["Sin"] = Math.Sin, ["Cos"] = Math.Cos,
        ["Sign"] = x => Math.Sign(x), ["Reciprocal"] = x => 1 / x, ["Tanh"] = Math.Tanh, ["Sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["Relu"] = x => Math.Max(x, 0), ["Softplus"] = x => Math.Log(1 + Math.Exp(x)), ["Tan"] = Math.Tan,
    };

    private static readonly Dictionary<string, Func<double, double, double>> OfTwo = new()
    {
        ["Add"] = (a, b) => a + b, ["Sub"] = (a, b) => a - b, ["Mul"] = (a, b) => a * b, ["Div"] = (a, b) => a / b, ["Pow"] = Math.Pow,
        ["Max"] = Math.Max, ["Min"] = Math.Min,
    };

    private static readonly Dictionary<string, Func<long, long, long>> OfTwoWholes = new()
    {
        ["Add"] = (a, b) => unchecked(a + b), ["Sub"] = (a, b) => unchecked(a - b), ["Mul"] = (a, b) => unchecked(a * b),
        ["Div"] = (a, b) => b is 0 or -1 ? unchecked(-a) : a / b, ["Max"] = Math.Max, ["Min"] = Math.Min,
        ["Mod"] = (a, b) => b is 0 or -1 ? 0 : (a % b + b) % b, ["And"] = (a, b) => a & b, ["Or"] = (a, b) => a | b,
        ["Xor"] = (a, b) => a ^ b,
    };

    private static readonly Dictionary<string, Func<double, double, bool>> Comparisons = new()
    {
        ["Equal"] = (a, b) => a == b, ["Less"] = (a, b) => a < b, ["Greater"] = (a, b) => a > b, ["LessOrEqual"] = (a, b) => a <= b,
        ["GreaterOrEqual"] = (a, b) => a >= b,
    };

    /// <summary>The outputs' values, or null where this operator is not evaluated.</summary>
    public static IReadOnlyList<Literal>? Of(Op op)
    {
        var x = op.Inputs.Count > 0 ? op.Inputs[0]?.Constant : null;
        if (op.Type == "Constant")
            return Constant(op) is { } constant ? [constant] : null;
        if (x is null || op.Inputs.Any(input => input is { IsLive: true }))
            return null;
        if (OfOne.TryGetValue(op.Type, out var one))
            return [x.Each(one)];
        if (OfTwo.ContainsKey(op.Type) || OfTwoWholes.ContainsKey(op.Type) || Comparisons.ContainsKey(op.Type))
            return [op.Inputs.Skip(1).Aggregate(x, (left, right) => Two(op, left, right!.Constant!))];
        Literal? y = op.Type switch
        {
            "Identity" or "Dropout" => x,
            "Cast" => Cast(x, (ElementType)op.Whole("to", 1)),
            "CastLike" => Cast(x, op.Inputs[1]!.Type),
            "Shape" => Literal.OfWholes([.. x.Axes.Select(axis => (long)axis)]),
            "Size" => new(ElementType.Int64, [], new long[] { x.Count }),
            "Not" => x.Each(value => value == 0 ? 1 : 0),
            "IsNaN" => new(ElementType.Bool, x.Axes, () => Literal.From(ElementType.Bool, x.Count, i => double.IsNaN(x[i]) ? 1 : 0)),
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => x.Reshaped(Shapes.Of(op)![0]),
            "Transpose" => x.Permuted(Shapes.Order(op)),
            "Slice" => Slice(x, Axis.Sliced(op)),
            "Concat" => Concat(op),
            "Gather" => Gather(op, x, op.Inputs[1]!.Constant!),
            "Expand" => Repeated(x, Shapes.Of(op)![0]),
            "Tile" => Tile(x, Shapes.Of(op)![0]),
            "Where" => Where(op),
            "ConstantOfShape" => ConstantOfShape(op, x),
            "Range" => Range(x, op.Inputs[1]!.Constant!, op.Inputs[2]!.Constant!),
            "MatMul" => MatMul(op, x, op.Inputs[1]!.Constant!),
            "Clip" => Clip(op, x),
            "Trilu" => Trilu(op, x),
            "ReduceProd" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceMean" => Reduced(op, x),
            _ => null,
        };
        return op.Type == "Split" ? Split(op, x) : y is null ? null : [y];
    }

    private static Literal? Constant(Op op)
    {
        if (op.Attributes.GetValueOrDefault("value_float")?.Single is { } single)
            return new(ElementType.Float, [], new[] { single });
        if (op.Attributes.GetValueOrDefault("value_int")?.Whole is { } whole)
            return new(ElementType.Int64, [], new[] { whole });
        if (op.Attributes.GetValueOrDefault("value_floats")?.Singles is { } singles)
            return new(ElementType.Float, [singles.Count], singles.ToArray());
        return op.Attributes.GetValueOrDefault("value_ints")?.Wholes is { } wholes ? Literal.OfWholes([.. wholes]) : null;
    }

    private static Literal Two(Op op, Literal a, Literal b)
    {
        var axes = Places.Joined(a.Axes, b.Axes) ?? throw new FaultException("its constants do not fit");
        Folder.Charge(axes);
        var (left, right) = (Places.Repeated(a.Axes, axes), Places.Repeated(b.Axes, axes));
        int Left(int i) => Places.Offset(i, axes, left);
        int Right(int i) => Places.Offset(i, axes, right);
        var count = Literal.CountOf(axes);
        if (Comparisons.TryGetValue(op.Type, out var compare))
            return new(ElementType.Bool, axes, () => Literal.From(ElementType.Bool, count, i => compare(a[Left(i)], b[Right(i)]) ? 1 : 0));
        if (!a.IsReal && OfTwoWholes.TryGetValue(op.Type, out var wholes))
        {
            var numbers = new long[count];
            for (var i = 0; i < count; i++)
                numbers[i] = wholes(a.Whole(Left(i)), b.Whole(Right(i)));
            return new(a.Type, axes, numbers, a.Origin ?? b.Origin);
        }
        if (!OfTwo.TryGetValue(op.Type, out var function))
            throw new FaultException("it is not computed of constants that are not whole");
        return new(a.Type, axes, () => Literal.From(a.Type, count, i => function(a[Left(i)], b[Right(i)])),
            a.Count >= b.Count ? a.Origin ?? b.Origin : b.Origin ?? a.Origin);
    }

    private static Literal? Cast(Literal x, ElementType to) => to is ElementType.Text or ElementType.Complex64 or ElementType.Complex128
        ? null
        : to == ElementType.Bool ? new(to, x.Axes, () => Literal.From(to, x.Count, i => x[i] != 0 ? 1 : 0), x.Origin)
        : !x.IsReal && !Literal.HasReals(to) ? new(to, x.Axes, () => x.Numbers, x.Origin)
        : new(to, x.Axes, () => Literal.From(to, x.Count, i => Literal.HasReals(to) ? x[i] : Math.Truncate(x[i])), x.Origin);

    private static Literal Slice(Literal x, (int Start, int Step, int Count)[] slices)
    {
        int[] axes = [.. slices.Select(slice => slice.Count)];
        var strides = Places.Strides(x.Axes);
        var first = slices.Select((slice, axis) => slice.Start * strides[axis]).Sum();
        int[] steps = [.. slices.Select((slice, axis) => slice.Step * strides[axis])];
        return x.Moved(axes, i => first + Places.Offset(i, axes, steps));
    }

    private static Literal Concat(Op op)
    {
        var parts = op.Inputs.Select(input => input!.Constant!).ToArray();
        var axes = Shapes.Of(op)![0];
        Folder.Charge(axes);
        var axis = Axis.Of(op.Whole("axis", 1), axes.Length);
        var inner = Literal.CountOf(axes[(axis + 1)..]);
        if (parts.Any(part => part.IsReal != parts[0].IsReal))
            throw new FaultException("it joins whole numbers to others");
        (Literal Part, int Index) Find(int i)
        {
            var (outer, place) = (i / (axes[axis] * inner), i % (axes[axis] * inner));
            foreach (var part in parts)
            {
                var size = part.Axes[axis] * inner;
                if (place < size)
                    return (part, outer * size + place);
                place -= size;
            }
            throw new InvalidOperationException("A place behind the last part.");
        }
        var count = Literal.CountOf(axes);
        if (parts[0].IsReal)
            return new(parts[0].Type, axes, () => Literal.From(parts[0].Type, count, i => Find(i).Part[Find(i).Index]));
        return new(parts[0].Type, axes, Enumerable.Range(0, count).Select(i => Find(i).Part.Whole(Find(i).Index)).ToArray());
    }

    private static Literal Gather(Op op, Literal x, Literal places)
    {
        var axis = Axis.Of(op.Whole("axis", 0), x.Rank);
        var axes = Shapes.Of(op)![0];
        Folder.Charge(axes);
        var (inner, size) = (Literal.CountOf(x.Axes[(axis + 1)..]), x.Axes[axis]);
        int[] at = [.. places.Wholes().Select(place => place >= -size && place < size ? (int)(place < 0 ? place + size : place)
            : throw new FaultException($"it reads place {place} of {size}"))];
        return x.Moved(axes, i => (i / (at.Length * inner) * size + at[i / inner % at.Length]) * inner + i % inner);
    }

    private static Literal Repeated(Literal x, int[] axes)
    {
        Folder.Charge(axes);
        var strides = Places.Repeated(x.Axes, axes);
        return x.Moved(axes, i => Places.Offset(i, axes, strides));
    }

    private static Literal Tile(Literal x, int[] axes)
    {
        Folder.Charge(axes);
        var strides = Places.Strides(x.Axes);
        int Source(int i)
        {
            var offset = 0;
            for (var axis = axes.Length - 1; axis >= 0; axis--)
            {
                offset += i % axes[axis] % x.Axes[axis] * strides[axis];
                i /= axes[axis];
            }
            return offset;
        }
        return x.Moved(axes, Source);
    }

    private static Literal Where(Op op)
    {
        var axes = Shapes.Of(op)![0];
        Folder.Charge(axes);
        var parts = op.Inputs.Select(input => Repeated(input!.Constant!, axes)).ToArray();
        var count = Literal.CountOf(axes);
        if (parts[1].IsReal)
            return new(parts[1].Type, axes, () => Literal.From(parts[1].Type, count, i => parts[0][i] != 0 ? parts[1][i] : parts[2][i]));
        return new(parts[1].Type, axes,
            Enumerable.Range(0, count).Select(i => parts[0][i] != 0 ? parts[1].Whole(i) : parts[2].Whole(i)).ToArray());
    }

    private static Literal ConstantOfShape(Op op, Literal shape)
    {
        if (shape.Wholes().Any(axis => axis is < 0 or > int.MaxValue))
            throw new FaultException("it makes a tensor of no size");
        int[] axes = [.. shape.Wholes().Select(axis => (int)axis)];
        Folder.Charge(axes);
        var value = op.Attributes.GetValueOrDefault("value")?.Tensor is { } tensor ? new TensorReader(null).Read(tensor) : null;
        var type = value?.Type ?? ElementType.Float;
        return new(type, axes, () => Literal.From(type, Literal.CountOf(axes), _ => value is { Count: > 0 } ? value[0] : 0));
    }

    private static Literal Range(Literal start, Literal limit, Literal step)
    {
        var count = Math.Max(0, Math.Ceiling((limit[0] - start[0]) / step[0]));
        if (!(count <= Limits.FoldedElements))
            throw new FaultException($"it makes {count:g3} numbers");
        Folder.Charge([(int)count]);
        return new(start.Type, [(int)count], () => Literal.From(start.Type, (int)count, i => start[0] + i * step[0]));
    }

    private static Literal? MatMul(Op op, Literal a, Literal b)
    {
        if (a.Rank != 2 || b.Rank != 2 || (double)a.Count * b.Axes[1] > Limits.FoldedElements)
            return null;
        int[] axes = Shapes.Of(op)![0];
        Folder.Charge(axes);
        double Sum(int i)
        {
            var (row, column, sum) = (i / axes[1], i % axes[1], 0.0);
            for (var k = 0; k < a.Axes[1]; k++)
                sum += a[row * a.Axes[1] + k] * b[k * axes[1] + column];
            return sum;
        }
        return new(a.Type, axes, () => Literal.From(a.Type, Literal.CountOf(axes), Sum), a.Origin ?? b.Origin);
    }

    private static Literal Clip(Op op, Literal x)
    {
        var min = op.In(1)?.Constant?[0] ?? op.Number("min", double.NegativeInfinity);
        var max = op.In(2)?.Constant?[0] ?? op.Number("max", double.PositiveInfinity);
        return x.Each(value => Math.Min(Math.Max(value, min), max));
    }

    private static Literal Trilu(Op op, Literal x)
    {
        var (rows, columns) = (x.Axes[^2], x.Axes[^1]);
        var (shift, upper) = (op.In(1)?.Constant?.Whole(0) ?? 0, op.Whole("upper", 1) != 0);
        bool Stays(int i) => upper ? i % columns >= i / columns % rows + shift : i % columns <= i / columns % rows + shift;
        return new(x.Type, x.Axes, () => Literal.From(x.Type, x.Count, i => Stays(i) ? x[i] : 0));
    }

    private static Literal Reduced(Op op, Literal x)
    {
        var axes = Shapes.Of(op)![0];
        var reduced = Axis.Reduced(op);
        int[] kept = [.. x.Axes.Select((size, axis) => reduced.Contains(axis) ? 1 : size)];
        var strides = Places.Repeated(kept, x.Axes);
        var sums = new double[Literal.CountOf(kept)];
        Array.Fill(sums, op.Type switch
        {
            "ReduceProd" => 1, "ReduceMax" => double.NegativeInfinity, "ReduceMin" => double.PositiveInfinity, _ => 0,
        });
        for (var i = 0; i < x.Count; i++)
        {
            ref var sum = ref sums[Places.Offset(i, x.Axes, strides)];
            sum = op.Type switch
            {
                "ReduceProd" => sum * x[i], "ReduceMax" => Math.Max(sum, x[i]), "ReduceMin" => Math.Min(sum, x[i]), _ => sum + x[i],
            };
        }
        var share = op.Type == "ReduceMean" ? (double)sums.Length / Math.Max(x.Count, 1) : 1;
        return new(x.Type, axes, () => Literal.From(x.Type, sums.Length, i => sums[i] * share));
    }

    private static List<Literal> Split(Op op, Literal x)
    {
        var axis = Axis.Of(op.Whole("axis", 0), x.Rank);
        var (parts, start) = (new List<Literal>(), 0);
        foreach (var axes in Shapes.Of(op)!)
        {
            var slices = x.Axes.Select(size => (0, 1, size)).ToArray();
            slices[axis] = (start, 1, axes[axis]);
            parts.Add(Slice(x, slices));
            start += axes[axis];
        }
        return parts;
    }
}
