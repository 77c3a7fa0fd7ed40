namespace Whence.Networks.Tests.Laws;

/// <summary>Inputs held fixed, which a law about moving inputs must not move.</summary>
internal static class HeldFixed
{
    /// <summary>Rows of references with the inputs' own values of what is held fixed.</summary>
    public static T[] With<T>(Signature signature, T[] x, T[] references)
    {
        var held = Columns(signature);
        return [.. references.Select((value, i) => held[i % held.Length] ? x[i % x.Length] : value)];
    }

    /// <summary>For each column of a row of input, whether it is held fixed.</summary>
    public static bool[] Columns(Signature signature) =>
        [.. signature.Inputs.SelectMany(tensor => Enumerable.Repeat(tensor.IsMask, tensor.Shape.Size))];
}
