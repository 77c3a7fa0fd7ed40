#if WHENCE_GENERATOR
namespace Whence.Generator.Plan;
#else
namespace Whence;
#endif

/// <summary>
/// What a local change costs and saves, in products of two numbers. Written once, for the plan, which says whether a change of one position
/// pays, and for a run, which asks the same of the boxes that there are.
/// </summary>
internal static class LocalCost
{
    /// <summary>So many products are computed in the time in which a number is moved.</summary>
    public const int Move = 4;

    /// <summary>What is gathered and begun for a row costs about as much as so many: less is not worth saving.</summary>
    public const long LeastSaved = 1 << 13;

    private const int Lanes = 8;

    /// <summary>As many channels as are computed together: fewer take as long.</summary>
    public static int Computed(int channels) => (channels + Lanes - 1) / Lanes * Lanes;
}
