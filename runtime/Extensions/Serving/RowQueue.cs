namespace Whence.Extensions;

/// <summary>A row that waits for its answer.</summary>
internal sealed class WaitingRow<TAnswer>(float[] x, Target target)
    : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public float[] X => x;

    public Target Target => target;
}

/// <summary>Answers rows: one by itself, or several at once.</summary>
internal interface IRowAnswers<TAnswer>
{
    TAnswer Alone(ReadOnlySpan<float> x, Target target, CancellationToken cancellation);

    /// <summary>As many answers as rows, each as <see cref="Alone"/> gives it.</summary>
    TAnswer[] Together(IReadOnlyList<WaitingRow<TAnswer>> rows);

    /// <summary>Is told that rows are asked one by one, since together they threw.</summary>
    void OneByOne(int rows, Exception error);
}

/// <summary>
/// Answers rows at once while a worker is free, on the caller's own thread; those that come while none is wait, and are then computed
/// together. So a row never waits for others to come, and what is gained grows with the load.
/// </summary>
internal sealed class RowQueue<TAnswer>(IRowAnswers<TAnswer> answers, int workers, int batchRows, int capacity)
    : IAsyncDisposable
{
    private readonly Lock gate = new();
    // A list, out of which a row that is cancelled is taken at once: it no longer counts.
    private readonly LinkedList<WaitingRow<TAnswer>> waiting = [];
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int running;
    private bool isDisposed;

    /// <summary>How many rows wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>The answer for a row. The row may be changed as soon as this returns.</summary>
    /// <exception cref="NetworkBusyException">As many rows wait as may.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed of, before or while the row waited.</exception>
    public ValueTask<TAnswer> Ask(ReadOnlyMemory<float> x, Target target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Enter(x, target) is { } place ? Wait(place, cancellation) : new(Own(x.Span, target, cancellation));
    }

    // Null where the caller has become a worker; it must then leave.
    private LinkedListNode<WaitingRow<TAnswer>>? Enter(ReadOnlyMemory<float> x, Target target)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (running < workers)
            {
                running++;
                return null;
            }
            if (waiting.Count >= capacity)
                throw new NetworkBusyException(capacity);
            return waiting.AddLast(new WaitingRow<TAnswer>(x.ToArray(), target));
        }
    }

    private async ValueTask<TAnswer> Wait(LinkedListNode<WaitingRow<TAnswer>> place, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister((_, token) => Cancel(place, token), null);
        return await place.Value.Task.ConfigureAwait(false);
    }

    private void Cancel(LinkedListNode<WaitingRow<TAnswer>> place, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (place.List is not null)
                waiting.Remove(place);
        }
        place.Value.TrySetCanceled(cancellation);
    }

    private TAnswer Own(ReadOnlySpan<float> x, Target target, CancellationToken cancellation)
    {
        try
        {
            return answers.Alone(x, target, cancellation);
        }
        finally
        {
            // Whoever came meanwhile is not answered on this caller's time.
            if (Stays())
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(), this, preferLocal: false);
        }
    }

    // Whether there is more for this worker; otherwise it is none any more.
    private bool Stays()
    {
        lock (gate)
        {
            if (waiting.Count > 0)
                return true;
            running--;
            if (isDisposed && running == 0)
                idle.TrySetResult();
            return false;
        }
    }

    private void Work()
    {
        do
            Answer(Take());
        while (Stays());
    }

    private List<WaitingRow<TAnswer>> Take()
    {
        lock (gate)
        {
            var taken = new List<WaitingRow<TAnswer>>(Math.Min(batchRows, waiting.Count));
            while (taken.Count < batchRows && waiting.First is { } first)
            {
                waiting.RemoveFirst();
                taken.Add(first.Value);
            }
            return taken;
        }
    }

    // The rows of a batch that cannot be answered are asked by themselves, so that each has its own answer or its own error.
    private void Answer(List<WaitingRow<TAnswer>> rows)
    {
        if (rows.Count > 1 && Try(rows))
            return;
        foreach (var row in rows)
        {
            if (row.Task.IsCompleted)
                continue;
            try
            {
                row.TrySetResult(answers.Alone(row.X, row.Target, CancellationToken.None));
            }
            catch (Exception error)
            {
                row.TrySetException(error);
            }
        }
    }

    private bool Try(List<WaitingRow<TAnswer>> rows)
    {
        try
        {
            var found = answers.Together(rows);
            for (var i = 0; i < rows.Count; i++)
                rows[i].TrySetResult(found[i]);
            return true;
        }
        catch (Exception error)
        {
            answers.OneByOne(rows.Count, error);
            return false;
        }
    }

    /// <summary>Refuses the rows that wait, and ends when those that are being computed are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await idle.Task.ConfigureAwait(false);
    }

    /// <summary>Refuses the rows that wait, and all that come; <see cref="DisposeAsync"/> ends it.</summary>
    private void Close()
    {
        List<WaitingRow<TAnswer>> refused;
        lock (gate)
        {
            isDisposed = true;
            refused = [.. waiting];
            waiting.Clear();
            if (running == 0)
                idle.TrySetResult();
        }
        foreach (var row in refused)
        {
            row.TrySetException(new ObjectDisposedException(nameof(RowQueue<>),
                "The network's service was disposed of while the row waited."));
        }
    }
}
