namespace Whence.Kernels;

/// <summary>Looks at each named value of a forward pass as it is computed. A type argument, so that the probe which looks at nothing costs nothing.</summary>
public interface IProbe
{
    /// <summary>A value has been computed.</summary>
    void See(ReadOnlySpan<float> value, string name);
}

/// <summary>Looks at nothing.</summary>
public readonly struct NoProbe : IProbe
{
    /// <inheritdoc/>
    public void See(ReadOnlySpan<float> value, string name)
    {
    }
}

/// <summary>Remembers the first value that has an infinity or a NaN.</summary>
public struct FiniteProbe : IProbe
{
    /// <summary>The name of the first value that is not finite, or null.</summary>
    public string? First { get; private set; }

    /// <inheritdoc/>
    public void See(ReadOnlySpan<float> value, string name)
    {
        if (First is null && !AllFinite(value))
            First = name;
    }

    private static bool AllFinite(ReadOnlySpan<float> value)
    {
        foreach (var element in value)
        {
            if (!float.IsFinite(element))
                return false;
        }
        return true;
    }
}
