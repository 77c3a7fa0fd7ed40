namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>
/// A convolution's weights and the window that they slide in; and as a product reads them, [groups][taps][channels before], and [channels
/// after], both padded to whole tiles. Immutable. Called by generated code.
/// </summary>
/// <remarks>
/// Going back, positions of the input that are one stride apart are looked at by the same outputs, through other taps of the window. They
/// are one site, whose columns are [phases][channels after]: at the site q stands y = stride q + phase - pad, and the output q - j looks at
/// it through the tap t where t * dilation = stride j + phase.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Filters
{
    private readonly Lazy<float[]> tiles;

    private Filters(ReadOnlySpan<double> weight, Window window, bool transposed)
    {
        (Window, IsTransposed) = (window, transposed);
        var (channels, filters, taps) = (window.Channels / window.Groups, window.Filters / window.Groups,
            window.KernelHeight * window.KernelWidth);
        (Before, After) = transposed ? (filters, channels) : (channels, filters);
        Weights = new float[weight.Length];
        for (var group = 0; group < window.Groups; group++)
        for (var tap = 0; tap < taps; tap++)
        for (var before = 0; before < Before; before++)
        for (var after = 0; after < After; after++)
        {
            var (filter, channel) = transposed ? (before, after) : (after, before);
            Weights[((group * taps + tap) * Before + before) * After + after] =
                (float)weight[((group * filters + filter) * channels + channel) * taps + tap];
        }
        Down = new Axis(window.KernelHeight, window.StrideHeight, window.DilationHeight, transposed);
        Across = new Axis(window.KernelWidth, window.StrideWidth, window.DilationWidth, transposed);
        Columns = Down.Phases * Across.Phases * After;
        Depth = Down.Taps * Across.Taps * Before;
        tiles = new(Padding);
    }

    private float[] Padding()
    {
        var (row, group) = (Padded.Columns(Columns), Padded.Depth(Depth) * Padded.Columns(Columns));
        var padded = new float[checked(Window.Groups * group)];
        var from = 0;
        for (var which = 0; which < Window.Groups; which++)
        for (var y = 0; y < Window.KernelHeight; y++)
        for (var x = 0; x < Window.KernelWidth; x++)
        for (var before = 0; before < Before; before++, from += After)
        {
            var ((tapY, phaseY), (tapX, phaseX)) = (Down.Of(y), Across.Of(x));
            var depth = (tapY * Across.Taps + tapX) * Before + before;
            Array.Copy(Weights, from, padded, which * group + depth * row + (phaseY * Across.Phases + phaseX) * After, After);
        }
        return padded;
    }

    /// <summary>
    /// One axis of the window as it is read: how many taps, how far apart, and how many phases of the stride.
    /// </summary>
    internal readonly record struct Axis
    {
        private readonly int dilation;

        public Axis(int kernel, int stride, int dilation, bool transposed)
        {
            (this.dilation, Phases) = (dilation, transposed ? stride : 1);
            // Several phases read all that lies between their taps, those of one phase only what they look at.
            Taps = Phases == 1 ? kernel : (kernel - 1) * dilation / stride + 1;
            Apart = Phases == 1 ? dilation : 1;
        }

        public int Taps { get; }

        public int Apart { get; }

        public int Phases { get; }

        /// <summary>Where a tap of the window is: its tap, and its phase.</summary>
        public (int Tap, int Phase) Of(int tap) => Phases == 1 ? (tap, 0) : (tap * dilation / Phases, tap * dilation % Phases);
    }

    internal Window Window { get; }

    internal bool IsTransposed { get; }

    internal Axis Down { get; }

    internal Axis Across { get; }

    /// <summary>Channels of one group before.</summary>
    internal int Before { get; }

    /// <summary>Channels of one group after.</summary>
    internal int After { get; }

    /// <summary>What one group's products are summed over.</summary>
    internal int Depth { get; }

    /// <summary>Columns of one group's product.</summary>
    internal int Columns { get; }

    /// <summary>[groups][taps][channels before][channels after].</summary>
    internal float[] Weights { get; }

    internal float[] Tiles => tiles.Value;

    /// <summary>Packs a weight [filters, channels / groups, kernelHeight, kernelWidth], row-major as PyTorch keeps it.</summary>
    public static Filters Pack(ReadOnlySpan<double> weight, in Window window) => new(weight, window, false);

    /// <summary>Packs the same weight for the way back, from filters to channels.</summary>
    public static Filters PackTransposed(ReadOnlySpan<double> weight, in Window window) => new(weight, window, true);
}
