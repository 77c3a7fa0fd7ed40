using Whence.Generator.Graphs;

namespace Whence.Generator.Derive;

/// <summary>What the [Network] attribute says of methods beside their names.</summary>
/// <param name="MaxPoolGradient">Whether max-pooling routes the multiplier like a gradient.</param>
/// <param name="IsMixed">Whether RevealCancel was asked for on a layer, so that Rescale is what the others get.</param>
/// <param name="LrpEpsilon">What keeps LRP's divisions from zero.</param>
internal sealed record MethodSettings(bool MaxPoolGradient, bool IsMixed, double LrpEpsilon);

/// <summary>A way back through a network, by its name among the runtime's Methods and in its Flow.</summary>
internal sealed record MethodEntry(string Name, Func<MethodSettings, Method> Make);

/// <summary>All ways back through a network.</summary>
internal static class MethodRegistry
{
    /// <summary>Every way, in the order in which they are written.</summary>
    public static readonly IReadOnlyList<MethodEntry> All =
    [
        new(nameof(Gradient), _ => new Gradient()),
        new(nameof(GuidedBackprop), _ => new GuidedBackprop()),
        new(nameof(DeconvNet), _ => new DeconvNet()),
        new(nameof(Rescale), settings => settings.IsMixed
            ? new RevealCancel(settings.MaxPoolGradient, Preset.Rescale) : new Rescale(settings.MaxPoolGradient)),
        new(nameof(RevealCancel), settings => new RevealCancel(settings.MaxPoolGradient, Preset.RevealCancel)),
        new(nameof(Preset.Genomics), settings => new RevealCancel(settings.MaxPoolGradient, Preset.Genomics)),
        new(nameof(GuidedBackpropRescale), settings => new GuidedBackpropRescale(settings.MaxPoolGradient)),
        new(nameof(LrpEpsilon), settings => new LrpEpsilon(settings.LrpEpsilon)),
    ];

    /// <summary>The ways that were asked for, of these.</summary>
    public static IEnumerable<Method> Of(IEnumerable<MethodEntry> methods, AskedMethods asked, MethodSettings settings) =>
        methods.Where(method => asked.Has(method.Name)).Select(method => method.Make(settings));
}
