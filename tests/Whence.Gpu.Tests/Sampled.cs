namespace Whence.Gpu.Tests;

using System.Globalization;

/// <summary>
/// What a run asks where all would take long. By <c>WHENCE_GPU=sample</c>, of each kind something, chosen by <c>WHENCE_GPU_SEED</c> among
/// what has the same form; else all.
/// </summary>
internal static class Sampled
{
    public static bool IsSample { get; } = Environment.GetEnvironmentVariable("WHENCE_GPU") == "sample";

    private static readonly int seed =
        int.TryParse(Environment.GetEnvironmentVariable("WHENCE_GPU_SEED"), CultureInfo.InvariantCulture, out var number) ? number : 1;

    /// <summary>One of some; all of them where no sample is asked for.</summary>
    public static IEnumerable<T> OneOf<T>(IReadOnlyList<T> alike) => IsSample ? [alike[Place(alike.Count)]] : alike;

    /// <summary>Every so many of some.</summary>
    public static IEnumerable<T> OneIn<T>(int parts, IEnumerable<T> all) => all.Where((_, i) => !IsSample || i % parts == Place(parts));

    private static int Place(int count) => (seed % count + count) % count;
}
