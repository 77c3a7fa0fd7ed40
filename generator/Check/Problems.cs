namespace Whence.Generator.Check;

/// <summary>Every message a user can get. WH1xx: reading Forward. WH2xx: shapes. WH3xx: explanations. WH4xx: weights.</summary>
internal static class Problems
{
    public static readonly Problem ShapesDiffer = new("WH201",
        "Shapes do not fit",
        "{0} {1}");

    public static readonly Problem NoRule = new("WH301",
        "No rule for this operator",
        "{0} has no rule for {1}: {2}");

    public static readonly Problem GenomicsNeedsLayer = new("WH302",
        "The genomics preset cannot choose a rule",
        "The genomics preset chooses an activation's rule by the layer below it, a convolution or a Linear, but {0} stands above {1}; put Rule = on a layer, or ask for Rescale or RevealCancel");

    public static readonly Problem LayerUnknown = new("WH303",
        "No such layer to ask about",
        "Layers names '{0}', but {1} has no layer or local of that name; it has {2}");
}
