namespace Whence.Import.Fold;

/// <summary>Which operators outside ONNX's own set are known.</summary>
internal static class Domains
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["ai.onnx.ml"] = ["Scaler", "LinearClassifier", "LinearRegressor", "Normalizer", "ZipMap"],
        ["com.microsoft"] = ["Gelu", "FastGelu", "QuickGelu", "BiasGelu", "LayerNormalization", "SimplifiedLayerNormalization",
            "FusedMatMul", "FusedGemm", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "Attention"],
    };

    /// <summary>Why an operator of another domain cannot be followed; null if it can.</summary>
    public static Finding? Refusal(Op op)
    {
        if (op.Domain.Length == 0 || Known.TryGetValue(op.Domain, out var names) && names.Contains(op.Type))
            return null;
        return op.Finding($"it is of the domain '{op.Domain}', of which {(names is null ? "nothing" : string.Join(", ", names))} is known.",
            "Export without it, or stop before it: --output NAME.");
    }
}
