using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Packs a network's weights for the forward pass on all cores while the next are read: what it gives back is filled once
/// <see cref="Finish"/> returns. Those for other uses are packed when they are first needed. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Packing
{
    // So many weights are worth a task.
    private const int TaskSize = 1 << 19;

    private readonly List<Task> tasks = [];
    private readonly Dictionary<(bool IsBack, bool IsAbsolute), PackedLater> later = [];

    /// <summary>Packs a convolution's weight [filters, channels / groups, kernelHeight, kernelWidth].</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements, or no such window exists.</exception>
    public Filters Pack(LayerTensors tensors, in Window window) => Pack(tensors, window, transposed: false);

    /// <summary>Packs a convolution's weight for the way back.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements, or no such window exists.</exception>
    public Filters PackTransposed(LayerTensors tensors, in Window window) => Pack(tensors, window, transposed: true);

    /// <summary>Packs a dense layer's weight [outputs, inputs].</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public Matrix Pack(LayerTensors tensors, int outputs, int inputs) => Pack(tensors, outputs, inputs, transposed: false);

    /// <summary>Packs a dense layer's weight for the way back.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public Matrix PackTransposed(LayerTensors tensors, int outputs, int inputs) => Pack(tensors, outputs, inputs, transposed: true);

    /// <summary>Waits until all is packed, and helps.</summary>
    public void Finish()
    {
        foreach (var task in tasks)
            task.GetAwaiter().GetResult();
        tasks.Clear();
    }

    private Filters Pack(LayerTensors tensors, in Window window, bool transposed)
    {
        var filters = Filters.Of(window, transposed);
        Action fill = () => filters.Fill(tensors.Signed, tensors.IsAbsolute);
        if (Later(tensors, transposed) is not { } others)
        {
            tasks.Add(Task.Run(fill));
            return filters;
        }
        filters.Later = others;
        others.Add(fill, () => filters.Later = null);
        return filters;
    }

    private Matrix Pack(LayerTensors tensors, int outputs, int inputs, bool transposed)
    {
        var matrix = Matrix.Of(outputs, inputs, transposed);
        if (Later(tensors, transposed) is not { } others)
        {
            tasks.Add(Task.Run(() => Fill(matrix, tensors, transposed)));
            return matrix;
        }
        matrix.Later = others;
        others.Add(() => Fill(matrix, tensors, transposed), () => matrix.Later = null);
        return matrix;
    }

    // Null of the forward pass.
    private PackedLater? Later(LayerTensors tensors, bool transposed)
    {
        if (!transposed && !tensors.IsAbsolute)
            return null;
        if (!later.TryGetValue((transposed, tensors.IsAbsolute), out var others))
            later[(transposed, tensors.IsAbsolute)] = others = new PackedLater();
        return others;
    }

    private static void Fill(Matrix matrix, LayerTensors tensors, bool transposed)
    {
        matrix.Allocate();
        var parts = (int)Math.Min(matrix.Vectors, (long)matrix.Inputs * matrix.Outputs / TaskSize + 1);
        Parallel.For(0, parts, part => matrix.Fill(tensors.Signed, transposed, tensors.IsAbsolute,
            (int)((long)matrix.Vectors * part / parts), (int)((long)matrix.Vectors * (part + 1) / parts)));
    }
}
