using System.Numerics;
using Whence.Networks.Tests.Laws;

namespace Whence.Networks.Tests.Backends;

/// <summary>Inputs with their references, the target and the layer that a network is asked about, the same in either precision.</summary>
internal sealed record Inquiry<T>(IModel<T> Net, string Layer, T[] X, T[] References, Target Target)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>References of an input.</summary>
    public const int Each = 2;

    public const int Count = 3;

    public int Inputs => X.Length / Net.Signature.InputSize;

    public int Threads { get; init; } = 1;

    public int LayerSize
    {
        get
        {
            var point = Net.Signature.Points.First(point => point.Kind == PointKind.Layer && point.Name == Layer);
            return point.Shape.Size;
        }
    }

    /// <summary>Inputs of a network by chance; letters where it reads letters.</summary>
    public static Inquiry<T> Of(IModel<T> net, string name, int count = Count)
    {
        var size = net.Signature.InputSize;
        var x = name == "Letters" ? Letters(count * size / 4) : Compiled.Laws.Draw(31, count * size);
        var references = Convert(Compiled.Laws.Draw(37, count * Each * size, 0.5));
        var inputs = Convert(x);
        var repeated = new T[references.Length];
        for (var pair = 0; pair < count * Each; pair++)
            inputs.AsSpan(pair / Each * size, size).CopyTo(repeated.AsSpan(pair * size));
        return new(net, BackendNetworks.Layers[name], inputs, HeldFixed.With(net.Signature, repeated, references), Target.Unit(1));
    }

    /// <summary>One of the inputs alone.</summary>
    public Inquiry<T> At(int input)
    {
        var size = Net.Signature.InputSize;
        return this with
        {
            X = X[(input * size)..((input + 1) * size)],
            References = References[(input * Each * size)..((input + 1) * Each * size)],
        };
    }

    public static T[] Convert(double[] values) => Array.ConvertAll(values, T.CreateTruncating);

    private static double[] Letters(int positions)
    {
        const int Length = 12;
        var (random, x) = (new Random(5), new double[4 * positions]);
        for (var i = 0; i < positions; i++)
            x[i / Length * 4 * Length + random.Next(4) * Length + i % Length] = 1;
        return x;
    }
}
