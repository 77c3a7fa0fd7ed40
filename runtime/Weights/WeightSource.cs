namespace Whence;

/// <summary>Where weights come from: a file, or chance.</summary>
internal abstract class WeightSource : IDisposable
{
    /// <summary>Every tensor that there is; none if any name can be asked for.</summary>
    public abstract IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Whether a name can be asked for in any shape.</summary>
    public virtual bool HasAnyShape => false;

    /// <summary>The first of these names that can be read.</summary>
    /// <exception cref="WeightsException">There is none.</exception>
    public abstract string Choose(ReadOnlySpan<string> candidates, Shape shape);

    /// <summary>A tensor's elements, row-major, freshly converted.</summary>
    /// <exception cref="WeightsException">The tensor has another shape, or elements that are no finite floats.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, between two pieces of the tensor.</exception>
    public abstract double[] Read(string name, Shape shape, CancellationToken cancellation);

    /// <summary>The tensors of the source that a name stands for: itself, or the parts that the weight is made of.</summary>
    public virtual IEnumerable<string> Parts(string name) => [name];

    /// <summary>How many numbers these tensors of the source have together, but for those that no network asks for.</summary>
    public long Numbers(IEnumerable<string> names)
    {
        var counted = names.Where(name => !TensorNames.IsIgnored(name)).ToHashSet(StringComparer.Ordinal);
        return Entries.Where(entry => counted.Contains(entry.Name)).Sum(entry => entry.Axes.Aggregate(1L, (count, axis) => count * axis));
    }

    /// <summary>Gives back what is held of the file.</summary>
    public abstract void Dispose();
}
