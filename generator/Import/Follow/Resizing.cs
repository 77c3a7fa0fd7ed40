using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Resize: by the functions of Nn where they do the same, else axis by axis by the places or the weights of its rule.</summary>
internal static class Resizing
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new() { ["Resize"] = Resize, ["Upsample"] = Resize };

    private static void Resize(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var (scales, sizes) = Shapes.Scales(op);
        var mode = op.Text("mode", "nearest");
        if (op.Whole("antialias", 0) != 0 || op.Text("coordinate_transformation_mode", "") == "tf_crop_and_resize")
            throw new FaultException("it crops, or smooths before it shrinks", "Export it without.");
        if (x.Batch >= 0 && sizes[x.Batch] != x.Axes[x.Batch])
            throw new FaultException("it resizes the batch");
        var taps = Enumerable.Range(0, sizes.Length).Select(axis => sizes[axis] == x.Axes[axis] && scales[axis] == 1 ? null
            : Taps(op, mode, x.Axes[axis], sizes[axis], scales[axis])).ToArray();
        follow.Give(op, Known(follow, x, taps, mode, sizes) ?? ByAxis(follow, x, taps), x.Batch);
    }

    /// <summary>One of Nn's functions, where the taps are its own.</summary>
    private static FromStep? Known(Follower follow, Tracked x, (int, double)[]?[] taps, string mode, int[] sizes)
    {
        if (x.Axes.Length != 4
            || x.Batch > 0
            || x.Batch < 0 && x.Axes[0] != 1
            || taps[0] is not null
            || taps[1] is not null
            || taps[2] is null
            || taps[3] is null)
            return null;
        var scale = sizes[2] / x.Axes[2];
        if (scale < 2 || sizes[2] != scale * x.Axes[2] || sizes[3] != scale * x.Axes[3])
            return null;
        if (mode == "nearest" && new[] { 2, 3 }.All(axis => taps[axis]!.Select((tap, i) => tap.Item1 == i / scale).All(same => same)))
        {
            var up = follow.Add("UpsampleNearest", sizes[1..], follow.Example(x), new Whole(scale));
            return x.Batch < 0 ? follow.Reshape(up, sizes) : up;
        }
        return null;
    }

    private static FromStep ByAxis(Follower follow, Tracked x, (int Place, double Weight)[]?[] taps)
    {
        var y = x.Of;
        for (var axis = 0; axis < taps.Length; axis++)
        {
            if (taps[axis] is not { } all)
                continue;
            var (own, size) = (x.OwnAxis(axis), x.Axes[axis]);
            var count = all.Length / Width(all);
            if (Width(all) == 1)
            {
                y = Moves.Gather(follow, y, own, [.. all.Select(tap => tap.Place)]);
                continue;
            }
            if ((long)count * size > Limits.MadeWeights)
                throw new FaultException($"it mixes {size} places to {count}, more than weights are made for");
            var weights = new double[count * size];
            for (var i = 0; i < all.Length; i++)
                weights[i / Width(all) * size + all[i].Place] += all[i].Weight;
            var matrix = new Literal(ElementType.Float, [count, size],
                () => Literal.From(ElementType.Float, weights.Length, i => weights[i]));
            var last = y.Step.Axes.Length - 1;
            int[] order = [.. Enumerable.Range(0, last + 1)];
            (order[own], order[last]) = (last, own);
            var turned = Moves.Permute(follow, y, order);
            y = Moves.Permute(follow, Products.Dense(follow, turned, matrix, null, ""), order);
        }
        return y;

        static int Width((int, double Weight)[] all) => all.Length > 0 && double.IsNaN(all[0].Weight) ? 1 : WidthOf(all);
    }

    private static int WidthOf((int Place, double Weight)[] all)
    {
        // Taps of one place sum to 1.
        var sum = 0.0;
        for (var i = 0; i < all.Length; i++)
        {
            sum += all[i].Weight;
            if (Math.Abs(sum - 1) < 1e-9 && (i + 1 is 2 or 4))
                return i + 1;
        }
        return 1;
    }

    /// <summary>
    /// The places that each new place is made of, with their weights; one place each, without a weight (NaN), where nothing is mixed.
    /// </summary>
    private static (int Place, double Weight)[] Taps(Op op, string mode, int from, int to, double scale)
    {
        var rule = op.Type == "Upsample" || op.Opset < 11 ? "asymmetric" : op.Text("coordinate_transformation_mode", "half_pixel");
        var taps = new List<(int, double)>();
        for (var i = 0; i < to; i++)
        {
            var place = Place(rule, i, from, to, scale);
            switch (mode)
            {
                case "nearest":
                    taps.Add((Math.Clamp(Rounded(op, place), 0, from - 1), double.NaN));
                    break;
                case "linear" or "bilinear":
                    var below = (int)Math.Floor(place);
                    taps.Add((Math.Clamp(below, 0, from - 1), 1 - (place - below)));
                    taps.Add((Math.Clamp(below + 1, 0, from - 1), place - below));
                    break;
                case "cubic":
                    taps.AddRange(Cubic(place, from, op.Number("cubic_coeff_a", -0.75), op.Whole("exclude_outside", 0) != 0));
                    break;
                default:
                    throw new FaultException($"its mode is '{mode}'", "Export with nearest, linear or cubic.");
            }
        }
        return [.. taps];
    }

    private static double Place(string rule, int i, int from, int to, double scale) => rule switch
    {
        "half_pixel" => (i + 0.5) / scale - 0.5,
        "half_pixel_symmetric" => from / 2.0 * (1 - to / (scale * from)) + (i + 0.5) / scale - 0.5,
        "pytorch_half_pixel" => to > 1 ? (i + 0.5) / scale - 0.5 : 0,
        // Of scales the size is not rounded here, as in the operator's definition.
        "align_corners" => to == 1 ? 0 : (double)i * (from - 1) / (scale * from - 1),
        "asymmetric" => i / scale,
        "tf_half_pixel_for_nn" => (i + 0.5) / scale,
        _ => throw new FaultException($"its coordinate_transformation_mode is '{rule}'",
            "Export with half_pixel, asymmetric or align_corners."),
    };

    private static int Rounded(Op op, double place) =>
        (op.Type == "Upsample" || op.Opset < 11 ? "floor" : op.Text("nearest_mode", "round_prefer_floor")) switch
        {
            "floor" => (int)Math.Floor(place),
            "ceil" => (int)Math.Ceiling(place),
            "round_prefer_ceil" => (int)Math.Floor(place + 0.5),
            _ => (int)Math.Ceiling(place - 0.5),
        };

    private static IEnumerable<(int, double)> Cubic(double place, int from, double a, bool excludes)
    {
        var below = (int)Math.Floor(place);
        var t = place - below;
        double Far(double d) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
        double Near(double d) => ((a + 2) * d - (a + 3)) * d * d + 1;
        double[] weights = [Far(t + 1), Near(t), Near(1 - t), Far(2 - t)];
        if (excludes)
        {
            for (var i = 0; i < 4; i++)
                weights[i] = below - 1 + i < 0 || below - 1 + i >= from ? 0 : weights[i];
            var sum = weights.Sum();
            weights = [.. weights.Select(weight => weight / sum)];
        }
        return weights.Select((weight, i) => (Math.Clamp(below - 1 + i, 0, from - 1), weight));
    }
}
