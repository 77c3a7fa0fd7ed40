using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Whence;

/// <summary>The Forward that is running eagerly, if one is, for messages about the shapes in it.</summary>
internal static class EagerForward
{
    /// <summary>
    /// "Net.Forward takes x [4] and y [3, 2]": the outermost Forward that called, with its declared inputs; null if none did, or its
    /// metadata is trimmed.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Where methods are trimmed a message lacks its last sentence.")]
    public static string? Header()
    {
        foreach (var frame in Enumerable.Reverse(new StackTrace().GetFrames()))
        {
            if (frame.GetMethod() is { Name: "Forward", DeclaringType: { } type } method
                && type.IsDefined(typeof(NetworkAttribute), false)
                && Inputs(method) is { } inputs)
                return $"{type.Name}.Forward takes {inputs}";
        }
        return null;
    }

    private static string? Inputs(MethodBase forward)
    {
        var inputs = new List<string>();
        foreach (var parameter in forward.GetParameters())
        {
            if (Axes(parameter) is not { } axes)
                return null;
            inputs.Add($"{parameter.Name} [{Listing.Of(axes)}]");
        }
        return inputs.Count == 0 ? null : Listing.Of(inputs, last: " and ");
    }

    private static int[]? Axes(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<ShapeAttribute>()?.Axes ?? parameter.GetCustomAttribute<MaskAttribute>()?.Axes
        ?? (parameter.GetCustomAttribute<TokensAttribute>() is { } tokens ? [tokens.Length] : null);
}
