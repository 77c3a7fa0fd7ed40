using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Dense layers and products of matrices.</summary>
internal static class Products
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["Dense"] = Dense, ["Gemm"] = Gemm, ["MatMul"] = MatMul, ["Einsum"] = Einsum, ["CumSum"] = CumSum,
    };

    /// <summary>Says a dense layer along the last axis.</summary>
    /// <param name="follow">Where to.</param>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="path">The layer's name in the file.</param>
    public static FromStep Dense(Follower follow, FromStep x, Literal weight, Literal? bias, string path)
    {
        var layer = new Layer("Linear") { Path = path };
        layer.Settings.Add(new(null, weight.Axes[0]));
        if (bias is null)
            layer.Settings.Add(new("Bias", false));
        layer.Tensors["weight"] = weight;
        if (bias is not null)
            layer.Tensors["bias"] = bias.Reshaped(weight.Axes[0]);
        return follow.Add(layer, [.. x.Step.Axes[..^1], weight.Axes[0]], x);
    }

    /// <summary>An idiom's dense layer: x [..., inputs], a weight [inputs, outputs], a bias.</summary>
    private static void Dense(Follower follow, Op op)
    {
        var (x, weight) = (follow.Live(op), Follower.Constant(op, 1, "weight"));
        RequireLast(x);
        follow.Give(op,
            Dense(follow, x.Of, weight.Turned(), op.In(2)?.Constant, Paths.Of(weight.Origin, op.Title, op.In(2)?.Constant?.Origin)),
            x.Batch);
    }

    private static void RequireLast(Tracked x)
    {
        if (x.Batch == x.Axes.Length - 1 && x.Axes[^1] > 1)
            throw new FaultException("it sums over the batch");
    }

    private static void Gemm(Follower follow, Op op)
    {
        var (turnA, turnB) = (op.Whole("transA", 0) != 0, op.Whole("transB", 0) != 0);
        var (alpha, beta) = (op.Number("alpha", 1), op.Number("beta", 1));
        var (a, b, c) = (op.Inputs[0]!, op.Inputs[1]!, op.In(2));
        var outputs = op.Output.Axes![1];
        if (a.IsLive && b.Constant is { Rank: 2 } weight)
        {
            var x = follow.Live(op);
            var biased = c?.Constant is { } constant && (constant.Count == outputs && constant.Axes[^1] == outputs || constant.Count == 1);
            weight = turnB ? weight : weight.Turned();
            if (alpha != 1)
                weight = weight.Each(value => alpha * value);
            var input = x.Of;
            var batch = x.Batch;
            if (turnA)
            {
                if (batch >= 0 && x.Axes[batch] > 1)
                    throw new FaultException("it turns the batch's axis");
                (input, batch) = (Turned(follow, follow.Reshape(x.Of, x.Axes)), -1);
            }
            else
            {
                RequireLast(x);
                if (batch == 1)
                    (input, batch) = (follow.Reshape(x.Of, x.Axes), -1);
            }
            var bias = biased ? Biased(c!.Constant!, outputs, beta) : null;
            var y = Dense(follow, input, weight, bias, Paths.Of(b.Constant.Origin, op.Title, c?.Constant?.Origin));
            if (c is not null && !biased)
                y = follow.Add("+", y.Step.Axes, y, Scaled(follow, c, 2, batch, beta, op));
            follow.Give(op, y, batch);
            return;
        }
        // No example is on an axis that is summed over, so that all of it is one example's.
        FromStep Matrix(Value value, bool turn)
        {
            var matrix = value.Constant is { } constant ? follow.Tensor(constant, constant.Axes, Paths.Of(constant.Origin, op.Title))
                : AsWhole(follow, follow[value]);
            return turn ? Turned(follow, matrix) : matrix;
        }
        var product = follow.Add("MatMul", op.Output.Axes!, Matrix(a, turnA), Matrix(b, turnB));
        if (alpha != 1)
            product = follow.Add("*", product.Step.Axes, new Number(alpha), product);
        if (c is not null)
            product = follow.Add("+", product.Step.Axes, product, Scaled(follow, c, 2, -1, beta, op));
        follow.Give(op, product, -1);
    }

    private static FromStep AsWhole(Follower follow, Tracked x) => x.Batch < 0 || x.Axes[x.Batch] == 1 ? follow.Reshape(x.Of, x.Axes)
        : throw new FaultException("it multiplies examples by each other");

    private static Literal Biased(Literal bias, int outputs, double beta)
    {
        var scaled = beta == 1 ? bias : bias.Each(value => beta * value);
        return scaled.Count == outputs ? scaled : scaled.Moved([outputs], _ => 0);
    }

    private static Operand Scaled(Follower follow, Value value, int rank, int batch, double by, Op op)
    {
        var operand = value.Constant is { } constant
            ? Constant(follow, by == 1 ? constant : constant.Each(number => by * number), rank, batch, op)
            : follow.Viewed(follow[value], rank, batch);
        return value.IsLive && by != 1 ? follow.Add("*", ((FromStep)operand).Step.Axes, new Number(by), operand) : operand;
    }

    private static Operand Constant(Follower follow, Literal constant, int rank, int batch, Op op)
    {
        if (constant.Count == 1)
            return Elementwise.Said(constant);
        int[] padded = [.. Enumerable.Repeat(1, rank - constant.Rank), .. constant.Axes];
        if (batch >= 0 && padded[batch] != 1)
            throw new FaultException("what it adds differs between the examples of a batch");
        return follow.Tensor(constant, [.. padded.Where((_, axis) => axis != batch)], Paths.Of(constant.Origin, op.Title));
    }

    private static FromStep Turned(Follower follow, FromStep x)
    {
        var axes = x.Step.Axes.ToArray();
        (axes[^1], axes[^2]) = (axes[^2], axes[^1]);
        return follow.Add("Transpose", axes, x, new Whole(axes.Length - 2), new Whole(axes.Length - 1));
    }

    private static void MatMul(Follower follow, Op op)
    {
        var (a, b) = (op.Inputs[0]!, op.Inputs[1]!);
        if (a.IsLive && b.Constant is { Rank: 2 } weight)
        {
            var x = follow.Live(op);
            RequireLast(x);
            var input = x.Batch == x.Axes.Length - 1 ? follow.Reshape(x.Of, x.Axes) : x.Of;
            follow.Give(op, Dense(follow, input, weight.Turned(), null, Paths.Of(weight.Origin, op.Title)),
                x.Batch == x.Axes.Length - 1 ? -1 : x.Batch);
            return;
        }
        if (a.Constant is { Rank: 2 } left && b.IsLive && b.Rank >= 2)
        {
            var x = follow.Live(op, 1);
            if (x.Batch >= x.Axes.Length - 2 && x.Axes[x.Batch] > 1)
                throw new FaultException("it multiplies along the batch");
            var (input, batch) = x.Batch >= x.Axes.Length - 2 ? (follow.Reshape(x.Of, x.Axes), -1) : (x.Of, x.Batch);
            var turned = Dense(follow, Turned(follow, input), left, null, Paths.Of(left.Origin, op.Title));
            follow.Give(op, Turned(follow, turned), batch);
            return;
        }
        Live(follow, op, a, b);
    }

    private static void Live(Follower follow, Op op, Value a, Value b)
    {
        var rank = Math.Max(Math.Max(a.Rank, b.Rank), 2);
        Tracked? Of(Value value) => value.IsLive ? follow[value] : null;
        int At(Value value) => Of(value) is { Batch: >= 0 } tracked ? tracked.Batch + rank - value.Rank : -1;
        var places = new[] { At(a), At(b) }.Where(place => place >= 0).Distinct().ToArray();
        var batch = places.Length == 1 && places[0] < rank - 2 && a.Rank != 1 && b.Rank != 1 ? places[0] : -1;
        if (batch < 0 && new[] { Of(a), Of(b) }.Any(value => value is { Batch: >= 0 } && value.Axes[value.Batch] > 1))
            throw new FaultException("it multiplies examples by each other");
        FromStep Matrix(Value value, bool isLeft)
        {
            int[] axes = value.Rank == 1 ? isLeft ? [1, value.Axes![0]] : [value.Axes![0], 1] : value.Axes!;
            axes = [.. Enumerable.Repeat(1, rank - axes.Length), .. axes];
            int[] own = [.. axes.Where((_, axis) => axis != batch)];
            if (value.Constant is { } constant)
            {
                return batch >= 0 && axes[batch] > 1 ? throw new FaultException("its constant differs between the examples of a batch")
                    : follow.Tensor(constant, own, Paths.Of(constant.Origin, op.Title));
            }
            var tracked = follow[value];
            return batch >= 0 && axes[batch] > 1 && tracked.Batch < 0
                ? throw new FaultException("its inputs have the batch at different axes")
                : follow.Reshape(tracked.Of, own);
        }
        var (left, right) = (Matrix(a, true), Matrix(b, false));
        (left, right) = Alike(follow, left, right);
        int[] product = [.. left.Step.Axes[..^1], right.Step.Axes[^1]];
        var y = follow.Add("MatMul", product, left, right);
        int[] wanted = [.. op.Output.Axes!.Where((_, axis) => axis != batch)];
        follow.Give(op, follow.Reshape(y, wanted), batch);
    }

    /// <summary>Both with the same axes before their matrices, or the second with none.</summary>
    private static (FromStep, FromStep) Alike(Follower follow, FromStep left, FromStep right)
    {
        var (before, behind) = (left.Step.Axes[..^2], right.Step.Axes[..^2]);
        if (before.SequenceEqual(behind))
            return (left, right);
        if (behind.All(axis => axis == 1))
            return (left, follow.Reshape(right, right.Step.Axes[^2..]));
        var all = Places.Joined(before, behind)!;
        FromStep Expanded(FromStep x)
        {
            int[] axes = [.. all, .. x.Step.Axes[^2..]];
            return x.Step.Axes.SequenceEqual(axes) ? x
                : follow.Add("+", axes, x, follow.Add("Zeros", axes, [.. axes.Select(axis => new Whole(axis))]));
        }
        return (Expanded(left), Expanded(right));
    }

    private static void CumSum(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var axis = Axis.Of(Follower.Constant(op, 1, "axis").Whole(0), x.Axes.Length);
        var own = x.OwnAxis(axis);
        if (own < 0)
            throw new FaultException("it sums over the batch");
        var (size, last) = (x.Own[own], x.Own.Length - 1);
        if ((long)size * size > Limits.MadeWeights)
            throw new FaultException($"it sums {size} places, more than weights are made for");
        var (later, without) = (op.Whole("reverse", 0) != 0, op.Whole("exclusive", 0) != 0);
        bool Counts(int to, int from) => later ? from > to || !without && from == to : from < to || !without && from == to;
        var triangle = new Literal(ElementType.Float, [size, size],
            () => Literal.From(ElementType.Float, size * size, i => Counts(i / size, i % size) ? 1 : 0));
        var turned = own == last ? x.Of : Swapped(follow, x.Of, own, last);
        var sum = Dense(follow, turned, triangle, null, "");
        follow.Give(op, own == last ? sum : Swapped(follow, sum, own, last), x.Batch);
    }

    private static FromStep Swapped(Follower follow, FromStep x, int first, int second)
    {
        var axes = x.Step.Axes.ToArray();
        (axes[first], axes[second]) = (axes[second], axes[first]);
        return follow.Add("Transpose", axes, x, new Whole(first), new Whole(second));
    }

    /// <summary>An equation of two operands as one product of matrices between permutations.</summary>
    private static void Einsum(Follower follow, Op op)
    {
        var equation = Fold.Einsum.Of(op);
        if (op.Inputs.Count > 2 || equation.Operands.Any(letters => letters.Distinct().Count() != letters.Length))
            throw new FaultException("its equation has a diagonal, or more than two operands", "Export it as products of two.");
        var operands = op.Inputs.Select((input, i) => Lettered(follow, op, input!, equation.Operands[i])).ToArray();
        var batch = operands.Select(operand => operand.Batch).FirstOrDefault(letter => letter != '\0');
        if (operands.Any(operand => operand.Batch != '\0' && operand.Batch != batch) || batch != '\0' && !equation.Result.Contains(batch))
            throw new FaultException("it sums over the batch, or has it under two letters");
        var result = equation.Result.Replace(batch.ToString(), "", StringComparison.Ordinal);
        var first = Summed(follow, operands[0],
            letter => result.Contains(letter) || operands.Length > 1 && operands[1].Letters.Contains(letter));
        FromStep y;
        string letters;
        if (operands.Length == 1)
        {
            (y, letters) = (first.X, first.Letters);
        }
        else
        {
            var second = Summed(follow, operands[1], letter => result.Contains(letter) || operands[0].Letters.Contains(letter));
            var both = first.Letters.Where(second.Letters.Contains).ToArray();
            string Those(string of, Func<char, bool> which) => string.Concat(of.Where(which));
            var (kept, summed) = (Those(first.Letters, letter => both.Contains(letter) && result.Contains(letter)),
                Those(first.Letters, letter => both.Contains(letter) && !result.Contains(letter)));
            var (rows, columns) =
                (Those(first.Letters, letter => !both.Contains(letter)), Those(second.Letters, letter => !both.Contains(letter)));
            int Size(string of) => Literal.CountOf(of.Select(letter => equation.Sizes[letter]));
            FromStep Matrix((FromStep X, string Letters) from, string order, int high, int wide) =>
                follow.Reshape(Ordered(follow, from, order),
                    kept.Length == 0 ? [high, wide] : [Size(kept), high, wide]);
            var left = Matrix(first, kept + rows + summed, Size(rows), Size(summed));
            var right = Matrix(second, kept + summed + columns, Size(summed), Size(columns));
            int[] product = [.. left.Step.Axes[..^1], right.Step.Axes[^1]];
            letters = kept + rows + columns;
            y = follow.Reshape(follow.Add("MatMul", product, left, right), [.. letters.Select(letter => equation.Sizes[letter])]);
        }
        follow.Give(op, Ordered(follow, (y, letters), result),
            batch == '\0' ? -1 : equation.Result.IndexOf(batch, StringComparison.Ordinal));
    }

    private static (FromStep X, string Letters, char Batch) Lettered(Follower follow, Op op, Value value, string letters)
    {
        if (value.Constant is { } constant)
            return (follow.Tensor(constant, constant.Axes, Paths.Of(constant.Origin, op.Title)), letters, '\0');
        var x = follow[value];
        return x.Batch < 0 ? (x.Of, letters, '\0') : (x.Of, letters.Remove(x.Batch, 1), letters[x.Batch]);
    }

    private static (FromStep X, string Letters) Summed(Follower follow, (FromStep X, string Letters, char Batch) operand,
        Func<char, bool> stays)
    {
        var (x, letters) = (operand.X, operand.Letters);
        for (var axis = letters.Length - 1; axis >= 0; axis--)
        {
            if (stays(letters[axis]))
                continue;
            x = follow.Add("Sum", [.. x.Step.Axes.Where((_, i) => i != axis)], x, new Whole(axis));
            letters = letters.Remove(axis, 1);
        }
        return (x, letters);
    }

    private static FromStep Ordered(Follower follow, (FromStep X, string Letters) from, string order) => from.Letters == order ? from.X
        : Moves.Permute(follow, from.X, [.. order.Select(letter => from.Letters.IndexOf(letter, StringComparison.Ordinal))]);
}
