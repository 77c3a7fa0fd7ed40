using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Functions of each element, and arithmetic between tensors.</summary>
internal static class Elementwise
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["Relu"] = Same, ["Sigmoid"] = Same, ["Tanh"] = Same, ["Exp"] = Same, ["Log"] = Same, ["Sqrt"] = Same, ["Abs"] = Same,
        ["Reciprocal"] = Same, ["Softplus"] = Same, ["Silu"] = Same, ["Erf"] = Same, ["HardSwish"] = Same, ["Square"] = Same,
        ["Neg"] = (follow, op) => Of(follow, op, (x, axes) => follow.Add("-", axes, x)),
        ["Cast"] = Cast,
        ["Elu"] = (follow, op) => Call(follow, op, "Elu", 1, op.Number("alpha", 1)),
        ["LeakyRelu"] = (follow, op) => Call(follow, op, "LeakyRelu", 0.01, op.Number("alpha", 0.01)),
        ["Selu"] = Selu,
        ["Celu"] = Celu,
        ["HardSigmoid"] = HardSigmoid,
        ["Softsign"] = (follow, op) => Of(follow, op, (x, axes) => follow.Add("/", axes, x, One(follow, axes, follow.Add("Abs", axes, x)))),
        ["Mish"] = (follow, op) =>
            Of(follow, op, (x, axes) => follow.Add("*", axes, x, follow.Add("Tanh", axes, follow.Add("Softplus", axes, x)))),
        ["Sinh"] = (follow, op) => Of(follow, op, (x, axes) => Half(follow, axes, "-", x)),
        ["Cosh"] = (follow, op) => Of(follow, op, (x, axes) => Half(follow, axes, "+", x)),
        ["Asinh"] = (follow, op) => Of(follow, op, (x, axes) => AreaOf(follow, axes, x, "+")),
        ["Acosh"] = (follow, op) => Of(follow, op, (x, axes) => AreaOf(follow, axes, x, "-")),
        ["Atanh"] = (follow, op) => Of(follow, op, (x, axes) => Atanh(follow, axes, x)),
        ["Gelu"] = Gelu, ["FastGelu"] = Gelu, ["BiasGelu"] = Gelu,
        ["QuickGelu"] = (follow, op) => Of(follow, op, (x, axes) =>
            follow.Add("*", axes, x, follow.Add("Sigmoid", axes, follow.Add("*", axes, new Number(op.Number("alpha", 1.702)), x)))),
        ["Swish"] = (follow, op) => Of(follow, op, (x, axes) => op.Number("alpha", 1) == 1 ? follow.Add("Silu", axes, x)
            : follow.Add("*", axes, x, follow.Add("Sigmoid", axes, follow.Add("*", axes, new Number(op.Number("alpha", 1)), x)))),
        ["Clip"] = Clip,
        ["Pow"] = Pow,
        ["PRelu"] = PRelu,
        ["Add"] = Arithmetic, ["Sub"] = Arithmetic, ["Mul"] = Arithmetic, ["Div"] = Arithmetic, ["Max"] = Arithmetic, ["Min"] = Arithmetic,
        ["Sum"] = Arithmetic,
        ["Mean"] = Mean,
        ["Where"] = Where,
        ["ThresholdedRelu"] = ThresholdedRelu,
    };

    /// <summary>Says a function of each element.</summary>
    private static void Of(Follower follow, Op op, Func<FromStep, int[], FromStep> say)
    {
        var x = follow.Live(op);
        follow.Give(op, say(x.Of, x.Own), x.Batch);
    }

    private static void Same(Follower follow, Op op) => Of(follow, op, (x, axes) => follow.Add(op.Type, axes, x));

    private static void Call(Follower follow, Op op, string word, double usual, double number) =>
        Of(follow, op, (x, axes) => number == usual ? follow.Add(word, axes, x) : follow.Add(word, axes, x, new Number(number)));

    private static void Cast(Follower follow, Op op)
    {
        var (from, to) = (op.Inputs[0]!.Type, (ElementType)op.Whole("to", 1));
        if (Literal.HasReals(from) && !Literal.HasReals(to))
            throw new FaultException($"it rounds to {to}, which has no derivative", "Stop before it: --output NAME.");
        if (to == ElementType.Bool)
            throw new FaultException("it gives truth values, which have no derivative", "Stop before it: --output NAME.");
        Of(follow, op, (x, _) => x);
    }

    private static void Selu(Follower follow, Op op)
    {
        const double alpha = 1.6732632423543772, gamma = 1.0507009873554805;
        var (a, g) = (op.Number("alpha", alpha), op.Number("gamma", gamma));
        if (Math.Abs(a - alpha) < 1e-5 && Math.Abs(g - gamma) < 1e-5)
            Of(follow, op, (x, axes) => follow.Add("Selu", axes, x));
        else
            Of(follow, op, (x, axes) => follow.Add("*", axes, new Number(g), follow.Add("Elu", axes, x, new Number(a))));
    }

    private static void Celu(Follower follow, Op op)
    {
        var alpha = op.Number("alpha", 1);
        if (alpha == 1)
            Call(follow, op, "Elu", 1, 1);
        else
            Of(follow, op, (x, axes) =>
                follow.Add("*", axes, new Number(alpha), follow.Add("Elu", axes, follow.Add("/", axes, x, new Number(alpha)))));
    }

    private static void HardSigmoid(Follower follow, Op op)
    {
        var (alpha, beta) = (op.Number("alpha", 0.2), op.Number("beta", 0.5));
        if (Math.Abs(alpha - 1.0 / 6) < 1e-7 && beta == 0.5)
        {
            Same(follow, op);
            return;
        }
        Of(follow, op, (x, axes) => follow.Add("Clamp", axes,
            follow.Add("+", axes, follow.Add("*", axes, new Number(alpha), x), new Number(beta)), new Whole(0), new Whole(1)));
    }

    private static FromStep One(Follower follow, int[] axes, FromStep x) => follow.Add("+", axes, new Whole(1), x);

    private static FromStep Half(Follower follow, int[] axes, string sign, FromStep x) => follow.Add("*", axes, new Number(0.5),
        follow.Add(sign, axes, follow.Add("Exp", axes, x), follow.Add("Exp", axes, follow.Add("-", axes, x))));

    private static FromStep AreaOf(Follower follow, int[] axes, FromStep x, string sign) => follow.Add("Log", axes,
        follow.Add("+", axes, x, follow.Add("Sqrt", axes, follow.Add(sign, axes, follow.Add("Square", axes, x), new Whole(1)))));

    private static FromStep Atanh(Follower follow, int[] axes, FromStep x) => follow.Add("*", axes, new Number(0.5),
        follow.Add("-", axes, follow.Add("Log", axes, One(follow, axes, x)),
            follow.Add("Log", axes, follow.Add("-", axes, new Whole(1), x))));

    private static void Gelu(Follower follow, Op op)
    {
        var word = op.Type == "FastGelu" || op.Text("approximate", "none") == "tanh" ? "GeluTanh" : "Gelu";
        if (op.In(1) is null)
        {
            Of(follow, op, (x, axes) => follow.Add(word, axes, x));
            return;
        }
        var (sum, batch) = Sum(follow, op, op.Output.Axes!, "+", op.Inputs[0]!, op.Inputs[1]!);
        follow.Give(op, follow.Add(word, sum.Step.Axes, sum), batch);
    }

    private static void Clip(Follower follow, Op op)
    {
        double? Bound(int input, string name) => op.In(input) is { } given
            ? given.Constant?[0] ?? throw new FaultException("its bounds depend on the input") : op.Has(name) ? op.Number(name, 0) : null;
        var (min, max) = (Bound(1, "min"), Bound(2, "max"));
        if (op.In(1)?.Type == ElementType.Float && min is { } low)
            min = Op.Shortest((float)low);
        if (op.In(2)?.Type == ElementType.Float && max is { } high)
            max = Op.Shortest((float)high);
        if (min is null or double.NegativeInfinity or <= -float.MaxValue && max is null or double.PositiveInfinity or >= float.MaxValue)
            Of(follow, op, (x, _) => x);
        else if (min == 0 && max is null or double.PositiveInfinity or >= float.MaxValue)
            Of(follow, op, (x, axes) => follow.Add("Relu", axes, x));
        else
            Of(follow, op, (x, axes) =>
                follow.Add("Clamp", axes, x, Bounded(min ?? double.NegativeInfinity), Bounded(max ?? double.PositiveInfinity)));
    }

    private static Operand Bounded(double bound) => bound <= -float.MaxValue ? new Literally("double.NegativeInfinity")
        : bound >= float.MaxValue ? new Literally("double.PositiveInfinity") : new Number(bound);

    private static void Pow(Follower follow, Op op)
    {
        if (op.In(1)?.Constant is { } exponent && op.In(0)!.IsLive)
        {
            if (exponent.Count == 0 || !exponent.IsAll(exponent[0]) || !op.Output.Axes!.SequenceEqual(op.Inputs[0]!.Axes!))
                throw new FaultException("its exponents differ", "Whence's Pow takes one exponent for all elements.");
            var power = exponent.Type == ElementType.Float ? Op.Shortest((float)exponent[0]) : exponent[0];
            Of(follow, op,
                (x, axes) => power == 1 ? x : power == 2 ? follow.Add("Square", axes, x) : power == 0.5 ? follow.Add("Sqrt", axes, x)
                    : follow.Add("Pow", axes, x, new Number(power)));
            return;
        }
        throw new FaultException("its exponent depends on the input", "Write it as Exp(b * Log(a)), where a is above zero.");
    }

    private static void PRelu(Follower follow, Op op)
    {
        var x = follow.Live(op);
        if (op.In(1)?.Constant is not { } slope)
        {
            // x above 0, and slope x below.
            var positive = follow.Add("Relu", x.Own, x.Of);
            var (below, at) = (follow.Add("-", x.Own, follow.Add("Relu", x.Own, follow.Add("-", x.Own, x.Of))), x.Batch);
            var slopes = follow.Viewed(follow.Live(op, 1), x.Axes.Length, at);
            follow.Give(op, follow.Add("+", x.Own, positive, follow.Add("*", x.Own, slopes, below)), at);
            return;
        }
        int[] axes = [.. Enumerable.Repeat(1, Math.Max(0, x.Axes.Length - slope.Rank)), .. slope.Axes];
        var channels = x.Batch == 0 && x.Axes.Length > 1 ? x.Axes[1] : 0;
        if (slope.Count == 1 || slope.Count == channels && axes[1] == channels)
        {
            var layer = new Layer("PRelu") { Path = Paths.Of(slope.Origin, op.Title) };
            if (slope.Count > 1)
                layer.Settings.Add(new("PerChannel", true));
            layer.Tensors["weight"] = slope.Reshaped(slope.Count);
            follow.Give(op, follow.Add(layer, x.Own, x.Of), x.Batch);
            return;
        }
        var (negative, batch) = Sum(follow, op, x.Axes, "*", op.Inputs[1]!, op.Inputs[0]!);
        _ = negative;
        var part = follow.Add("*", x.Own, Operand(follow, op.Inputs[1]!, x.Axes, batch, op), follow.Add("Min", x.Own, x.Of, new Whole(0)));
        follow.Give(op, follow.Add("+", x.Own, follow.Add("Relu", x.Own, x.Of), part), batch);
    }

    private static void ThresholdedRelu(Follower follow, Op op) =>
        throw new FaultException("it jumps at its threshold, where no rule of DeepLIFT applies", "Use a ReLU.");

    private static void Arithmetic(Follower follow, Op op)
    {
        var word = op.Type switch
        {
            "Add" or "Sum" => "+", "Sub" => "-", "Mul" => "*", "Div" => "/", _ => op.Type,
        };
        if (word == "/" && op.Inputs.OfType<Value>().Any(input => input.IsLive && !Literal.HasReals(input.Type)))
            throw new FaultException("it divides whole numbers, and rounds");
        if (op.Inputs.Count == 1)
        {
            Of(follow, op, (x, _) => x);
            return;
        }
        var (sum, batch) = Sum(follow, op, op.Output.Axes!, word, [.. op.Inputs.OfType<Value>()]);
        follow.Give(op, sum, batch);
    }

    private static void Mean(Follower follow, Op op)
    {
        if (op.Inputs.Count == 1)
        {
            Of(follow, op, (x, _) => x);
            return;
        }
        var (sum, batch) = Sum(follow, op, op.Output.Axes!, "+", [.. op.Inputs.OfType<Value>()]);
        follow.Give(op, follow.Add("/", sum.Step.Axes, sum, new Whole(op.Inputs.Count)), batch);
    }

    /// <summary>Operands put together from left to right, and the axis that is the batch's.</summary>
    public static (FromStep Sum, int Batch) Sum(Follower follow, Op op, int[] axes, string word, params Value[] inputs)
    {
        var batch = BatchOf(follow, inputs, axes.Length);
        int[] own = [.. axes.Where((_, axis) => axis != batch)];
        Operand? sum = null;
        var reached = Array.Empty<int>();
        for (var i = 0; i < inputs.Length; i++)
        {
            var rest = Places.Joined([reached, .. inputs.Skip(i + 1).Select(input => input.Axes!)])!;
            var operand = Operand(follow, inputs[i], axes, batch, op,
                inputs.Length == 2 && inputs[1 - i].Axes!.SequenceEqual(axes) || SameAs(rest, axes));
            reached = Places.Joined(reached, inputs[i].Axes!)!;
            if (sum is null)
            {
                sum = operand;
                continue;
            }
            int[] joined = Places.Joined(AxesOf(sum), AxesOf(operand))!;
            sum = follow.Add(word, joined, sum, operand);
        }
        return ((FromStep)sum!, batch);
    }

    private static bool SameAs(int[] a, int[] b) => a.SequenceEqual(b);

    private static int[] AxesOf(Operand operand) => operand is FromStep of ? of.Step.Axes : [];

    private static int BatchOf(Follower follow, IEnumerable<Value> inputs, int rank)
    {
        var places = inputs.Where(input => input.IsLive).Select(input => follow[input])
            .Where(value => value.Batch >= 0).Select(value => (At: value.Batch + rank - value.Axes.Length, Size: value.Axes[value.Batch]))
            .Distinct().ToArray();
        if (places.Any(place => place.Size > 1) && places.Select(place => place.At).Distinct().Count() > 1)
            throw new FaultException("its inputs have the batch at different axes");
        // Of a batch of one, the axis is the batch's only where every operand has one element there.
        foreach (var (at, size) in places)
        {
            if (size > 1 || inputs.All(input => at < rank - input.Rank || input.Axes![at - rank + input.Rank] == 1))
                return at;
        }
        return -1;
    }

    /// <summary>An input beside others of an operator that gives these axes: a number where one will do.</summary>
    private static Operand Operand(Follower follow, Value input, int[] axes, int batch, Op op, bool otherIsWhole = true)
    {
        if (input.Constant is not { } constant)
            return follow.Viewed(follow[input], axes.Length, batch);
        if (constant.Count > 0 && otherIsWhole && constant.IsAll(constant[0]))
            return Said(constant);
        int[] padded = [.. Enumerable.Repeat(1, axes.Length - constant.Rank), .. constant.Axes];
        if (batch >= 0 && padded[batch] != 1)
        {
            constant = OfOneExample(constant.Reshaped(padded), batch);
            padded[batch] = 1;
        }
        int[] own = [.. padded.Where((_, axis) => axis != batch)];
        if (otherIsWhole)
            (constant, own) = WithoutRepeats(constant.Reshaped(own), own);
        return Along(follow, op, axes, batch) is { } along && own.Length > 0 && own[0] == along.Axes[0]
            ? follow.Add("Slice", own, follow.Tensor(constant, own, Paths.Of(constant.Origin, op.Title)), new Whole(0),
                new Whole(0), new LengthOf(along))
            : follow.Tensor(constant, own, Paths.Of(constant.Origin, op.Title));
    }

    /// <summary>The input of variable length whose positions the operator's other inputs have along the example's first axis.</summary>
    private static Step? Along(Follower follow, Op op, int[] axes, int batch) => Follower.Varying(
        op.Inputs.OfType<Value>().Where(input => input.IsLive && follow.Says(input)).Select(input => follow[input].Of),
        [.. axes.Where((_, axis) => axis != batch)]);

    /// <summary>A constant that is the same all along an axis, as one element there: arithmetic repeats it.</summary>
    private static (Literal Constant, int[] Axes) WithoutRepeats(Literal constant, int[] axes)
    {
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] < 2)
                continue;
            int[] one = [.. axes];
            one[axis] = 1;
            var first = constant.Moved(one, index => Places.Offset(index, one, Places.Strides(axes)));
            var repeated = Places.Repeated(one, axes);
            var isSame = true;
            for (var i = 0; isSame && i < constant.Count; i++)
                isSame = constant[i].Equals(first[Places.Offset(i, axes, repeated)]);
            if (isSame)
                (constant, axes) = (first, one);
        }
        return (constant, axes);
    }

    /// <summary>A constant that is the same for every example, of one of them.</summary>
    private static Literal OfOneExample(Literal constant, int batch)
    {
        int[] axes = [.. constant.Axes.Select((size, axis) => axis == batch ? 1 : size)];
        var strides = Places.Repeated(axes, constant.Axes);
        var one = constant.Moved(axes, index => Places.Offset(index, axes, Places.Strides(constant.Axes)));
        for (var i = 0; i < constant.Count; i++)
        {
            if (constant[i] != one[Places.Offset(i, constant.Axes, strides)])
                throw new FaultException("its constant differs between the examples of a batch", Follower.OneExample);
        }
        return one;
    }

    /// <summary>The constant's number as one would write it.</summary>
    public static Operand Said(Literal constant) =>
        Bounded(constant.Type == ElementType.Float ? Op.Shortest((float)constant[0]) : constant[0]) is Literally infinite ? infinite
            : new Number(constant.Type == ElementType.Float ? Op.Shortest((float)constant[0]) : constant[0]);

    private static void Where(Follower follow, Op op)
    {
        if (op.In(0)?.Constant is not { } condition)
            throw new FaultException("which of its inputs it takes depends on the input: no derivative says so",
                "Stop before it: --output NAME.");
        var (yes, no) = (op.Inputs[1]!, op.Inputs[2]!);
        var mask = new Literal(ElementType.Float, condition.Axes,
            () => Literal.From(ElementType.Float, condition.Count, i => condition[i] != 0 ? 1 : 0), condition.Origin);
        var inverse = mask.Each(value => 1 - value);
        Value Of(Literal literal) => new("", ElementType.Float, literal.Axes) { Constant = literal };
        // What is not chosen may be infinite, and must not be multiplied by zero.
        if (yes.Constant is { } chosen && chosen.Count > 0 && chosen.Reals().Any(value => Math.Abs(value) > 1e30)
            || no.Constant is { } other && other.Count > 0 && other.Reals().Any(value => Math.Abs(value) > 1e30))
            throw new FaultException("it puts infinite numbers in place of others", "Add a mask to attention's scores instead.");
        var batch = BatchOf(follow, new[] { yes, no }.Where(value => value.IsLive), op.Output.Rank);
        int[] own = [.. op.Output.Axes!.Where((_, axis) => axis != batch)];
        FromStep Part(Value value, Literal by)
        {
            if (value.Constant is { } constant)
            {
                var both = new Literal(ElementType.Float, op.Output.Axes!, () => Product(constant, by, op.Output.Axes!), constant.Origin);
                return (FromStep)Operand(follow, Of(both), op.Output.Axes!, batch, op, otherIsWhole: false);
            }
            var (left, right) = (Operand(follow, value, op.Output.Axes!, batch, op),
                Operand(follow, Of(by), op.Output.Axes!, batch, op, otherIsWhole: false));
            return follow.Add("*", Places.Joined(AxesOf(left), AxesOf(right))!, left, right);
        }
        follow.Give(op, follow.Add("+", own, Part(yes, mask), Part(no, inverse)), batch);
    }

    private static Array Product(Literal a, Literal b, int[] axes)
    {
        var (left, right) = (Places.Repeated(a.Axes, axes), Places.Repeated(b.Axes, axes));
        return Literal.From(ElementType.Float, Literal.CountOf(axes),
            i => a[Places.Offset(i, axes, left)] * b[Places.Offset(i, axes, right)]);
    }
}
