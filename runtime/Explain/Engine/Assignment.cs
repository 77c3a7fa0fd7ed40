namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// A job and the recipe by which it is answered, where they lie. What is made of it is made in its own place: a constructor that is given
/// either by reference makes a struct elsewhere first, and the executor is large.
/// </summary>
internal readonly ref struct Assignment<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref readonly Recipe recipe;
    private readonly ref readonly Job<T> job;

    /// <param name="recipe">The method.</param>
    /// <param name="job">What it is asked about.</param>
    public Assignment(in Recipe recipe, in Job<T> job)
    {
        this.recipe = ref recipe;
        this.job = ref job;
    }

    public ref readonly Recipe Recipe => ref recipe;

    public ref readonly Job<T> Job => ref job;
}
