import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPanel } from "./error-panel.tsx";

interface Props<T> {
  readonly query: UseQueryResult<T>;
  /** Height of what will be here, in px, so that the page does not jump. */
  readonly height?: number;
  readonly children: (data: T) => ReactNode;
}

/** The answer of a query; before it a placeholder, and in its stead what went wrong. */
export function Loaded<T>({ query, height = 120, children }: Props<T>) {
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Skeleton height={height} aria-busy role="img" aria-label="Loading" />;
  if (data === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {children(data)}
    </>
  );
}
