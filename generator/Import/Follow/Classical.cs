using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>What scikit-learn's and ML.NET's exporters write of linear models: the domain ai.onnx.ml.</summary>
internal static class Classical
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["Scaler"] = Scale, ["Normalizer"] = Normalise, ["LinearRegressor"] = Regress, ["LinearClassifier"] = Classify,
    };

    private static Literal Of(Op op, string name, params int[] axes)
    {
        var numbers = op.Attributes.GetValueOrDefault(name)?.Singles ?? throw new FaultException($"it has no {name}");
        var singles = numbers.ToArray();
        return Literal.CountOf(axes) == singles.Length ? new(ElementType.Float, axes, singles)
            : throw new FaultException($"it has {singles.Length} {name} for {Shapes.Text(axes)}");
    }

    private static void Scale(Follower follow, Op op)
    {
        var x = follow.Live(op);
        FromStep By(string word, string name, FromStep of)
        {
            if (op.Attributes.GetValueOrDefault(name)?.Singles is not { Count: > 0 } numbers)
                return of;
            if (numbers.Count == 1)
                return follow.Add(word, x.Own, of, new Number(Op.Shortest(numbers[0])));
            int[] axes = [.. Enumerable.Repeat(1, x.Own.Length - 1), numbers.Count];
            return follow.Add(word, x.Own, of, follow.Tensor(Of(op, name, axes), axes, ""));
        }
        follow.Give(op, By("*", "scale", By("-", "offset", x.Of)), x.Batch);
    }

    private static void Normalise(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var last = x.Own.Length - 1;
        var norm = op.Text("norm", "MAX");
        if (norm == "MAX" || x.OwnAxis(x.Axes.Length - 1) < 0)
            throw new FaultException($"its norm is {norm}", "L1 and L2 are known.");
        int[] one = [.. x.Own[..^1], 1];
        var sum = follow.Add("Sum", one, follow.Add(norm == "L2" ? "Square" : "Abs", x.Own, x.Of), new Whole(last),
            new Literally("true", "keep"));
        follow.Give(op, follow.Add("/", x.Own, x.Of, norm == "L2" ? follow.Add("Sqrt", one, sum) : sum), x.Batch);
    }

    private static FromStep Linear(Follower follow, Op op, Tracked x, int outputs)
    {
        if (x.Batch < 0 && x.Axes[0] > 1)
            throw new FaultException("its axis 0 is not the batch");
        var inputs = x.Own[^1];
        var weight = Of(op, "coefficients", outputs, inputs);
        var bias = op.Attributes.GetValueOrDefault("intercepts")?.Singles is { Count: > 0 } ? Of(op, "intercepts", outputs) : null;
        return Products.Dense(follow, x.Of, weight, bias, "");
    }

    private static FromStep Finished(Follower follow, Op op, FromStep scores) => op.Text("post_transform", "NONE") switch
    {
        "NONE" => scores,
        "SOFTMAX" => follow.Add("Softmax", scores.Step.Axes, scores),
        "LOGISTIC" => follow.Add("Sigmoid", scores.Step.Axes, scores),
        var other => throw new FaultException($"its post_transform is {other}", "NONE, SOFTMAX and LOGISTIC are known."),
    };

    private static void Regress(Follower follow, Op op)
    {
        var x = follow.Live(op);
        follow.Give(op, Finished(follow, op, Linear(follow, op, x, (int)op.Whole("targets", 1))), x.Batch);
    }

    private static void Classify(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var outputs = op.Attributes["coefficients"].Singles.Count / x.Own[^1];
        if (outputs < 2)
            throw new FaultException("it has one row of coefficients for two classes", "Export its decision function, or as multinomial.");
        follow.Give(op, Finished(follow, op, Linear(follow, op, x, outputs)), x.Batch, 1);
    }
}
