using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>A backward pass to be made: which, from where to where. Numbers are doubles that floats can hold.</summary>
internal sealed record Route(Pass Flow, int From, int To)
{
    public bool HasReference => Flow is Pass.Rescale or Pass.RevealCancel or Pass.Genomics or Pass.GuidedBackpropRescale;

    public string In(Signature signature) =>
        $"{signature.Name}: {Flow} from {Kinded(signature.Points[From])} to {(To < 0 ? "the inputs" : Kinded(signature.Points[To]))}";

    private static string Kinded(NetworkPoint point) => $"{point.Name} ({point.Kind})";
}

/// <summary>Everything that a backward pass answers.</summary>
internal sealed record Walked<T>(T[] Multipliers, T[] NegativeMultipliers, T[] PositiveDelta, T[] NegativeDelta, T[] FromValue, T[] ToValue)
    where T : unmanaged
{
    /// <summary>Makes a backward pass over <paramref name="rows"/> rows, at most as many as the network takes at once.</summary>
    public static Walked<T> Of(IHostPasses<T> net, Route route, T[] x, T[] references, int referenceRows, T[] seed, int rows)
    {
        var (signature, from) = (net.Signature, net.Signature.Points[route.From].Shape.Size);
        var to = route.To < 0 ? signature.InputSize : signature.Points[route.To].Shape.Size;
        var kept = route.HasReference ? new T[referenceRows * net.KeptSize(route.Flow)] : [];
        if (route.HasReference)
            net.Keep(route.Flow, references, kept, referenceRows);
        var deltas = route.HasReference && (route.To < 0 || signature.Points[route.To].Kind == PointKind.Layer) ? rows * to : 0;
        var result = new Walked<T>(new T[rows * to], new T[rows * to], new T[route.To < 0 ? 0 : deltas], new T[route.To < 0 ? 0 : deltas],
            new T[rows * from], new T[route.To < 0 ? 0 : rows * to]);
        var arguments = new BackwardArguments<T>
        {
            X = x,
            Rows = rows,
            Kept = kept,
            ReferenceRows = referenceRows,
            From = route.From,
            Seed = seed,
            SeedRows = seed.Length == from ? 1 : rows,
            To = route.To,
            InjectAt = -1,
            Multipliers = result.Multipliers,
            NegativeMultipliers = result.NegativeMultipliers,
            PositiveDelta = result.PositiveDelta,
            NegativeDelta = result.NegativeDelta,
            FromValue = result.FromValue,
            ToValue = result.ToValue,
        };
        net.Backward(route.Flow, ref arguments);
        return result;
    }
}
