namespace Whence.Tool;

/// <summary>Every method that a network was compiled for.</summary>
internal static class Explaining
{
    /// <summary>Explains a target by each; computed as they are asked for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="row">The input.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="reference">The row that it is compared with.</param>
    /// <param name="steps">Of integrated gradients.</param>
    public static IEnumerable<Attribution> All(INetwork network, float[] row, Target target, float[] reference, int steps)
    {
        var options = new PathOptions { Steps = steps, Threads = Environment.ProcessorCount };
        if (network is IIntegratedGradientsNetwork integrated)
            yield return integrated.IntegratedGradients(row, target, reference, options);
        if (network is IDeepLiftNetwork compared)
        {
            foreach (var rule in new[] { (Pass.Rescale, Rule.Rescale), (Pass.RevealCancel, Rule.RevealCancel),
                (Pass.Genomics, Rule.Genomics) })
            {
                if (network.Signature.Passes.Contains(rule.Item1))
                    yield return compared.DeepLift(row, target, rule.Item2, reference);
            }
        }
        if (network is IGradientNetwork gradient)
        {
            yield return gradient.GradientTimesInput(row, target, reference);
            yield return gradient.Gradient(row, target);
            // Signed: where nothing speaks for the target a rectified map is empty.
            foreach (var layer in network.Signature.Layers.Where(layer => layer.Shape.Rank == 3))
                yield return gradient.GradCam(layer.Name, row, target);
        }
        if (network is IGuidedBackpropNetwork guided)
            yield return guided.GuidedBackprop(row, target);
        if (network is IDeconvNetwork deconv)
            yield return deconv.DeconvNet(row, target);
        if (network is IGuidedBackpropRescaleNetwork both)
            yield return both.GuidedBackpropRescale(row, target, reference);
        if (network is ILrpNetwork relevance)
            yield return relevance.LrpEpsilon(row, target);
    }
}
