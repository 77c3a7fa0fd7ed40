using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// A box of up to four axes and how far, in floats, a step along each goes: where it is read and where it is written.
/// Axes that are not used come first, with an extent of 1.
/// </summary>
/// <param name="Extent">The sizes of the axes, outermost first.</param>
/// <param name="From">Steps in what is read; 0 repeats one value along the axis.</param>
/// <param name="To">Steps in what is written.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct Strides((int, int, int, int) Extent, (int, int, int, int) From, (int, int, int, int) To);
