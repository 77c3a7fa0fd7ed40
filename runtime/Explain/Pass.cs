namespace Whence;

/// <summary>How multipliers go back through the network: what a backward pass does at each family of operators.</summary>
public enum Pass
{
    /// <summary>The ordinary gradient.</summary>
    Gradient,
    /// <summary>Guided backprop (Springenberg et al. 2014): the gradient, where it and the activation are positive.</summary>
    GuidedBackprop,
    /// <summary>DeconvNet (Zeiler and Fergus 2013): activations applied to the signal going back.</summary>
    DeconvNet,
    /// <summary>DeepLIFT Linear and Rescale (arXiv 1704.02685, section 3.5).</summary>
    Rescale,
    /// <summary>DeepLIFT Linear and RevealCancel (arXiv 1704.02685, section 3.5.3).</summary>
    RevealCancel,
    /// <summary>DeepLIFT, Rescale after convolutions and RevealCancel after dense layers: the authors' genomics preset.</summary>
    Genomics,
    /// <summary>Rescale, where the multiplier is positive (the DeepLIFT authors' comparison).</summary>
    GuidedBackpropRescale,
    /// <summary>
    /// Layer-wise relevance propagation, the epsilon rule (Bach et al. 2015): multipliers whose product with a value is its relevance.
    /// </summary>
    LrpEpsilon,
}
