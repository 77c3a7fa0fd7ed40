#if WHENCE_GENERATOR
namespace Whence.Generator.Check;
#else
namespace Whence;
#endif

/// <summary>
/// Recognises files whose tensors are named, and laid out, as another library does it: no Name on a layer would make them right. Written
/// once, for the error at compile time and the one at run time.
/// </summary>
internal static class ForeignNames
{
    private static readonly HashSet<string> kerasParts = new(StringComparer.Ordinal)
    {
        "kernel", "recurrent_kernel", "depthwise_kernel", "pointwise_kernel", "embeddings", "moving_mean", "moving_variance",
    };

    /// <summary>Where the names come from and what to do, in a sentence; null if they may be PyTorch's.</summary>
    public static string? Advice(IReadOnlyList<SafetensorsEntry> entries)
    {
        if (First(entries, IsOnnx) is { } onnx)
        {
            return $"The names are those of an ONNX export ({SafetensorsHeader.Quote(onnx)}), which transposes matrices to [inputs, "
                + "outputs]: "
                + "save the state_dict of the model that was exported.";
        }
        if (First(entries, IsKeras) is { } keras)
        {
            return $"The names are those of Keras ({SafetensorsHeader.Quote(keras)}), and so is the layout: save the weights under "
                + "PyTorch's names, "
                + "a kernel [inputs, outputs] transposed to [outputs, inputs], one of [height, width, inputs, outputs] to [outputs, "
                + "inputs, height, width].";
        }
        if (First(entries, IsScikit) is { } scikit)
        {
            return $"The names are those of scikit-learn ({SafetensorsHeader.Quote(scikit)}), whose MLPs have matrices as [inputs, "
                + "outputs]: "
                + "save the weights under PyTorch's names, transposed to [outputs, inputs].";
        }
        return null;
    }

    private static string? First(IEnumerable<SafetensorsEntry> entries, Func<string, bool> isIt) =>
        entries.FirstOrDefault(entry => isIt(entry.Name))?.Name;

    private static bool IsOnnx(string name) =>
        name.StartsWith("onnx::", StringComparison.Ordinal) || name.EndsWith("_output_0", StringComparison.Ordinal);

    private static bool IsKeras(string name)
    {
        var plain = name.EndsWith(":0", StringComparison.Ordinal) ? name.Substring(0, name.Length - 2) : name;
        var last = plain.Substring(plain.LastIndexOfAny(['/', '.']) + 1);
        return kerasParts.Contains(last)
            || (plain.Length < name.Length && plain.IndexOf('/') >= 0)
            || plain.IndexOf("/vars/", StringComparison.Ordinal) >= 0;
    }

    private static bool IsScikit(string name) =>
        name.StartsWith("coefs_", StringComparison.Ordinal)
            || name.StartsWith("intercepts_", StringComparison.Ordinal)
            || name is "coef_" or "intercept_";
}
