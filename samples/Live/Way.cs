using Whence;

namespace Live;

/// <summary>
/// The straight way from a reference to an input, alpha = 0 to 1: the counterfactuals of Sundararajan, Taly and Yan (arXiv 1611.02639).
/// The references are a black picture, words that say nothing, the mean row.
/// </summary>
internal static class Way
{
    /// <summary>At how many points the way is drawn.</summary>
    public const int Points = 41;

    /// <summary>The counterfactual at one point.</summary>
    public static float[] At(ReadOnlySpan<float> reference, ReadOnlySpan<float> x, double alpha)
    {
        var row = new float[x.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = (float)(reference[i] + alpha * (x[i] - reference[i]));
        return row;
    }

    /// <summary>What a network says along the way, as probabilities of one unit.</summary>
    public static double[] Along(INetwork net, float[] reference, float[] x, int unit, bool isSoftmax)
    {
        var rows = new float[Points * x.Length];
        for (var point = 0; point < Points; point++)
            At(reference, x, point / (Points - 1.0)).CopyTo(rows, point * x.Length);
        var outputs = new float[Points * net.Signature.OutputSize];
        net.Predict(rows, outputs, Points, threads: 1);
        return [.. Enumerable.Range(0, Points).Select(point =>
            Probabilities(outputs.AsSpan(point * net.Signature.OutputSize, net.Signature.OutputSize), isSoftmax)[unit])];
    }

    /// <summary>The softmax of logits; outputs that are one already as they are.</summary>
    public static double[] Probabilities(ReadOnlySpan<float> outputs, bool isSoftmax)
    {
        var found = new double[outputs.Length];
        var largest = isSoftmax ? 0 : float.MinValue;
        foreach (var output in outputs)
            largest = isSoftmax ? 0 : Math.Max(largest, output);
        for (var i = 0; i < found.Length; i++)
            found[i] = isSoftmax ? outputs[i] : Math.Exp(outputs[i] - largest);
        var sum = isSoftmax ? 1 : found.Sum();
        return Array.ConvertAll(found, one => one / sum);
    }

    /// <summary>The unit of the largest, the first of equal ones.</summary>
    public static int Largest(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());
}
